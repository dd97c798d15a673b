package office

import (
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/web/office/hours"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func pageStories() []ui.Story {
	open, draft := written(merchant.Approved), draft()
	bare := draft
	bare.Business = merchant.Business{Number: "123-45-6789", Phone: "전화 주세요"}
	waiting := open
	waiting.NextBank, waiting.NextBankAt = merchant.Bank{Code: "092", Account: "100012345678", Holder: "김주인"},
		storyNow().Add(40*time.Hour)
	full := open
	full.Profile.Pictures = slices.Repeat([]photo.Ref{"/art/noodle/1.svg"}, merchant.PicturesMax)
	tell := func(name string, v telling, field, key string) ui.Story {
		return story(name, v.Shop, "enroll.step.story", func(loc ui.Loc, p ui.Page) templ.Component {
			v.Kinds = []ui.Choice{{Value: "eat.noodle", Label: "국수"}, {Value: "cafe", Label: "카페"}}
			if field != "" {
				v.Problems = wrong(loc, field, key, merchant.SlugMax)
			}
			return storyPage(p, v)
		})
	}
	return []ui.Story{
		story("business", draft, "enroll.step.business", func(_ ui.Loc, p ui.Page) templ.Component {
			return businessPage(p, draft, nil)
		}),
		story("business-error", bare, "enroll.step.business", func(loc ui.Loc, p ui.Page) templ.Component {
			return businessPage(p, bare, append(wrong(loc, "number", "merchant.number", 0), append(wrong(loc, "name",
				"merchant.name", merchant.NameMax), wrong(loc, "phone", "merchant.phone", 0)...)...))
		}),
		story("business-settled", open, "enroll.step.business", func(_ ui.Loc, p ui.Page) templ.Component {
			return businessPage(p, open, nil)
		}),
		tell("story-empty", telling{Shop: draft}, "", ""), tell("story", telling{Shop: open, Own: true}, "", ""),
		tell("story-long", telling{Shop: longShop(merchant.Draft)}, "", ""),
		tell("story-error", telling{Shop: draft}, "slug", "merchant.slug"),
		story("photos-empty", draft, "enroll.step.photos", func(_ ui.Loc, p ui.Page) templ.Component {
			return photoPage(p, draft, nil)
		}),
		story("photos", open, "enroll.step.photos", func(_ ui.Loc, p ui.Page) templ.Component {
			return photoPage(p, open, nil)
		}),
		story("photos-full", full, "enroll.step.photos", func(_ ui.Loc, p ui.Page) templ.Component {
			return photoPage(p, full, nil)
		}),
		story("photos-error", draft, "enroll.step.photos", func(loc ui.Loc, p ui.Page) templ.Component {
			return photoPage(p, draft, wrong(loc, "pictures", "picture.broken", 0))
		}),
		story("bank-empty", draft, "enroll.step.bank", func(_ ui.Loc, p ui.Page) templ.Component {
			return bankPage(p, draft, merchant.Bank{}, nil)
		}),
		story("bank-error", draft, "enroll.step.bank", func(loc ui.Loc, p ui.Page) templ.Component {
			return bankPage(p, draft, merchant.Bank{Account: "12-34"}, append(wrong(loc, "bank_code", "merchant.bank", 0),
				wrong(loc, "bank_account", "merchant.bank_account", 0)...))
		}),
		story("bank", waiting, "enroll.step.bank", func(_ ui.Loc, p ui.Page) templ.Component {
			return bankPage(p, waiting, merchant.Bank{}, nil)
		}),
	}
}

func placeStories() []ui.Story {
	open, draft := written(merchant.Approved), draft()
	leads := market.Actor{AccountID: "acc_1"}
	leads.Memberships = []market.Membership{{MerchantID: "mer_1", Role: market.RoleOwner}}
	list := func(name string, branches []merchant.Branch) ui.Story {
		return story(name, open, "enroll.step.places", func(_ ui.Loc, p ui.Page) templ.Component {
			return placesPage(p, placesView{Shop: open, Branches: branches, actor: leads})
		})
	}
	long := storyBranches()
	long[0].Name, long[0].Address = strings.Repeat("성수동 뚝섬역 앞 ", 3)+"본점",
		"서울특별시 성동구 성수이로 18길 7, 성수동 지식산업센터 아파트형공장 지하 1층 가운데 마당 옆 101호에서 104호"
	one := func(name string, v placing, change func(ui.Loc, *placing)) ui.Story {
		return story(name, v.Shop, "enroll.place.title", func(loc ui.Loc, p ui.Page) templ.Component {
			v.Hours = hours.FormOf(v.Branch.Hours)
			change(loc, &v)
			return placePage(p, v)
		})
	}
	known := placing{Shop: open, Branch: storyBranches()[0], Place: "서울 성동구 성수동", Closable: true}
	known.Spot, known.Branch.Phone = spotText(known.Branch), merchant.FormatPhone(known.Branch.Phone)
	return []ui.Story{
		list("places", storyBranches()), list("places-long", long),
		one("place-new", placing{Shop: draft}, func(loc ui.Loc, v *placing) {
			v.Branch.Name = loc.T("enroll.place.first_name")
		}),
		one("place", known, func(ui.Loc, *placing) {}),
		one("place-error", placing{Shop: draft}, func(loc ui.Loc, v *placing) {
			v.Hours.Week[time.Monday] = hours.Day{Open: "11:00"}
			v.Problems = append(wrong(loc, "address", "merchant.address", merchant.AddressMax), append(wrong(loc, "region_name",
				"merchant.region", 0), wrong(loc, "h1_open", "merchant.hours", 0)...)...)
		}),
		one("place-which", placing{Shop: draft, Place: "신사동"}, func(loc ui.Loc, v *placing) {
			v.Candidates = []ui.Choice{{Value: "dong_1", Label: "서울 강남구 신사동"}, {Value: "dong_2", Label: "서울 은평구 신사동"},
				{Value: "dong_3", Label: "서울 관악구 신사동"}}
			v.Problems = wrong(loc, "region", "merchant.region", 0)
		}),
	}
}

func peopleStories() []ui.Story {
	open := written(merchant.Approved)
	people := func(name string, c crew, change func(ui.Loc, *crew)) ui.Story {
		return story(name, open, "enroll.people.title", func(loc ui.Loc, p ui.Page) templ.Component {
			c := c // each picture begins anew
			c.Shop, c.Branches = open, storyBranches()
			owner := worker{Name: "김주인", Branch: loc.T("enroll.people.everywhere"), Self: true}
			owner.Role = market.RoleOwner
			c.Workers = append([]worker{owner}, c.Workers...)
			change(loc, &c)
			return peoplePage(p, c)
		})
	}
	hand := func(name, branch string, role market.Role) worker {
		w := worker{Name: name, Branch: branch}
		w.Role = role
		return w
	}
	invited := enroll.Invited{Shop: open, Invitation: merchant.Invitation{Role: market.RoleScan}}
	ask := func(name string, actor market.Actor) ui.Story {
		return story(name, merchant.Merchant{}, "enroll.invitation.title", func(_ ui.Loc, p ui.Page) templ.Component {
			p.Crumbs = nil
			return invitationPage(p, invited, "x", actor)
		})
	}
	return []ui.Story{
		people("people-empty", crew{Role: market.RoleScan}, func(ui.Loc, *crew) {}),
		people("people", crew{Role: market.RoleScan, Workers: []worker{hand("이서준", "본점", market.RoleManager),
			hand("박하늘", "서울숲점", market.RoleScan)}}, func(_ ui.Loc, c *crew) {
			c.Invitations = []merchant.Invitation{{ID: "inv_1", Email: "haru@example.com", Role: market.RoleScan,
				BranchID: "bra_1", ExpiresAt: storyNow().Add(50 * time.Hour)}}
		}),
		people("people-long", crew{Role: market.RoleScan, Workers: []worker{
			hand("주말 저녁에만 나오는 큰조카 김하늘빛나라별님이보우하사", "성수동 뚝섬역 앞 할매손칼국수 본점 별관", market.RoleManager)}},
			func(_ ui.Loc, c *crew) {
				c.Invitations = []merchant.Invitation{{ID: "inv_1", Role: market.RoleManager,
					Email:     "the.longest.address.anybody.would.type.by.hand@mail.neighbourhood.example",
					ExpiresAt: storyNow().Add(50 * time.Hour)}}
			}),
		people("people-error", crew{Role: market.RoleScan, Email: "haru"}, func(loc ui.Loc, c *crew) {
			c.Problems = wrong(loc, "email", "merchant.invite_email", 0)
		}),
		ask("invitation", market.Actor{AccountID: "acc_2", Name: "박하늘"}), ask("invitation-guest", market.Actor{}),
		story("invitation-dead", merchant.Merchant{}, "enroll.invitation.title", func(loc ui.Loc, p ui.Page) templ.Component {
			p.Crumbs = nil
			return deadPage(p, loc.T("merchant.invitation"))
		}),
	}
}

func storyEntry() directory.Entry {
	return directory.Entry{ID: "dir_MA0101202210A0084321", Name: "할매손칼국수", Branch: "성수점", Industry: "칼국수/만두",
		Address: "서울 성동구 성수이로18길 7", Floor: "1", RegionID: "dong_1", State: directory.Unclaimed}
}

func storyClaims() []claimLine {
	line := func(state directory.ClaimState, reason string) claimLine {
		c := claimLine{Entry: storyEntry(), Key: "k"}
		c.ID, c.State, c.Reason = directory.ClaimID("clm_"+string(state)), state, reason
		return c
	}
	lost := line(directory.ClaimRefused, "")
	lost.LostTo = "clm_9"
	return []claimLine{line(directory.ClaimAsked, ""), line(directory.ClaimGranted, ""),
		line(directory.ClaimRefused, "주소가 사업자등록증과 달라요."), lost}
}

func claimStories() []ui.Story {
	draft := draft()
	claim := func(name string, v claiming, change func(ui.Loc, *claiming)) ui.Story {
		return story(name, merchant.Merchant{}, "claim.title", func(loc ui.Loc, p ui.Page) templ.Component {
			v.Entry, v.Kind, v.Where, v.Key, p.Crumbs = storyEntry(), "국수", "서울 성동구 성수동", "k", nil
			change(loc, &v)
			return claimPage(p, v)
		})
	}
	seek := func(name string, v seeking, change func(ui.Loc, *seeking)) ui.Story {
		return story(name, draft, "claim.seek", func(loc ui.Loc, p ui.Page) templ.Component {
			v.Shop, v.Key = draft, "k"
			change(loc, &v)
			return seekPage(p, v)
		})
	}
	far := storyEntry()
	far.ID, far.Name, far.Industry = "dir_MA0101202210A0084322", "새벽 다섯 시부터 국수를 미는 할매손칼국수와 손만두", "국수/칼국수/만두/분식 전문점"
	return []ui.Story{
		claim("claim", claiming{}, func(ui.Loc, *claiming) {}),
		claim("claim-error", claiming{Chosen: fresh}, func(loc ui.Loc, v *claiming) {
			v.Shops = []ui.Choice{{Value: fresh, Label: loc.T("claim.new"), Help: loc.T("claim.new_help")},
				{Value: "mer_1", Label: "할매손칼국수", Help: loc.T("merchant.state_approved")}}
			v.Problems = wrong(loc, "", "merchant.many_drafts", 3)
		}),
		seek("seek", seeking{Query: "할매손칼국수", Where: "서울 성동구 성수동", Rows: []directory.Entry{storyEntry(), far}},
			func(ui.Loc, *seeking) {}),
		seek("seek-empty", seeking{Query: "없는집", Asked: true}, func(ui.Loc, *seeking) {}),
		seek("seek-error", seeking{Query: "할매"}, func(loc ui.Loc, v *seeking) {
			v.Problems = request.Problems{{Field: "q", Message: loc.T("form.too_long", "Max", seekMax, "Length", 75)}}
		}),
	}
}
