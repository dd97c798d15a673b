package storefront

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/room"
	"github.com/dure-commerce/dure/internal/web/storefront/word"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// sheet is everything a deal's page is made of, read in one view of the database.
type sheet struct {
	catalog.Sheet
	Seller   catalog.Seller
	Branches []catalog.Branch // those where the vouchers can be used
	Where    string           // names of the regions
	Category string
	Kept     bool
	Notify   bool
	Own      bool // the viewer belongs to the shop
	Now      time.Time
}

func (s sheet) phase() word.Phase { return word.PhaseOf(s.Deal, s.Now) }

func (s sheet) href() string { return "/d/" + string(s.Deal.ID) }

// cardHref is the address of the deal's picture, another after each change: messengers keep what they once fetched.
func (s sheet) cardHref() string {
	return s.href() + "/card.png?v=" + strconv.FormatInt(s.Deal.Version, 10)
}

// version lets the live region take every change that may be younger than this view.
func (s sheet) version() int64 { return db.Micros(s.Now.Add(-3 * time.Second)) }

func (s sheet) live(part, say string) ui.LiveOf {
	return ui.LiveOf{ID: "deal-" + part, Topic: "deal:" + string(s.Deal.ID), Src: s.href() + "/part/" + part,
		Version: s.version(), Say: say, Gentle: part == "meter"}
}

func (s sheet) liveAct() ui.LiveOf {
	live := s.live("act", "")
	live.Class = "row grow"
	return live
}

func (s sheet) pictures() []ui.Picture {
	alt := s.Title
	if len(s.Terms.Pictures) == 0 {
		return []ui.Picture{word.Picture("", "", s.CategoryID, string(s.Deal.ID))}
	}
	out := make([]ui.Picture, len(s.Terms.Pictures))
	for i, ref := range s.Terms.Pictures {
		out[i] = word.Picture(ref, alt+" "+strconv.Itoa(i+1), s.CategoryID, string(s.Deal.ID))
	}
	return out
}

// tag is the quiet chip beside the state: where and what kind.
func (s sheet) tag() string {
	return strings.Trim(s.Where+" · "+s.Category, " ·")
}

func (s sheet) price() ui.Price {
	return ui.Price{Now: s.Price, List: s.ListPrice, Off: s.Off(), From: s.Card.Options > 1}
}

func (s sheet) basis(loc ui.Loc) string {
	if s.ListPrice <= s.Price {
		return ""
	}
	return loc.T("deal.basis", "Basis", s.Terms.PriceBasis) + " " + word.Carries(loc, s.Terms.MerchantShareBP)
}

func (s sheet) promise(loc ui.Loc) []ui.Fact {
	facts := word.Promise(loc, s.Deal, policy.At(s.Now), s.Terms, s.Price)
	if !s.phase().Live() {
		return facts[len(facts)-1:] // what was promised is done: where the money of the vouchers is remains true
	}
	return facts
}

func (s sheet) refunds(loc ui.Loc) []ui.Fact {
	return word.Refunds(loc, policy.At(s.Now), s.Terms, s.Price)
}

// joined is the sentence beside the ring: the count in the point's own kind.
func (s sheet) joined(loc ui.Loc) (text, bold string) {
	bold = word.Joined(loc, s.Deal)
	if s.Deal.Progress() == 0 {
		return loc.T("deal.joined_none"), ""
	}
	return loc.T("deal.joined_"+string(s.Deal.ThresholdKind), "Joined", bold), bold
}

// units tells the vouchers paid where the point counts people or won: both numbers are public.
func (s sheet) units(loc ui.Loc) string {
	if s.Deal.ThresholdKind == deal.ThresholdUnits || s.Deal.PaidUnits == 0 {
		return ""
	}
	return loc.T("deal.paid_units", "Count", s.Deal.PaidUnits, "Left", max(s.Deal.Free(), 0))
}

// until is the deadline as a day people know.
func (s sheet) until(loc ui.Loc) string {
	switch s.phase() {
	case word.Coming:
		return loc.T("deal.starts", "Day", loc.Day(s.Deal.StartsAt), "Time", loc.Time(s.Deal.StartsAt))
	case word.Asking:
		return loc.T("deal.asked_until", "Until", loc.DateTime(s.Deal.AskUntil, s.Now))
	}
	last := s.Deal.EndsAt
	if loc.Time(last) == "00:00" {
		return loc.T("deal.until_midnight", "Day", loc.Day(last.Add(-time.Minute)))
	}
	return loc.T("deal.until", "Day", loc.Day(last), "Time", loc.Time(last))
}

// note is what the present phase means, in one sentence; none is needed while people simply gather.
func (s sheet) note(loc ui.Loc) *ui.Notice {
	phase := s.phase()
	if phase == word.Gathering {
		return nil
	}
	tones := map[word.Phase]ui.Tone{word.Open: ui.Act, word.Failed: ui.Loss, word.Cancelled: ui.Loss, word.Full: ui.Warn,
		word.SoldOut: ui.Warn, word.Closing: ui.Warn, word.Asking: ui.Warn}
	key := "deal.note." + string(phase)
	if phase == word.Ended && !s.Deal.Tipped() {
		key = "deal.note.failed"
	}
	return &ui.Notice{Title: loc.T(key + "_title"), Text: loc.T(key), Tone: tones[phase]}
}

// branchLine is one place as the page shows it.
type branchLine struct {
	Name, Address, Today, Way string
	Open                      bool
	MapHref, CallHref, Phone  string
}

func (s sheet) places(loc ui.Loc) []branchLine {
	out := make([]branchLine, len(s.Branches))
	for i, b := range s.Branches {
		phone := b.Phone
		if phone == "" {
			phone = s.Seller.Phone
		}
		out[i] = branchLine{Name: b.Name, Address: b.Address, Way: b.Directions, MapHref: mapHref(b)}
		if phone != "" {
			out[i].CallHref, out[i].Phone = "tel:"+phone, merchant.FormatPhone(phone)
		}
		out[i].Today, out[i].Open = today(loc, b.Hours, s.Now)
	}
	return out
}

// mapHref leads to a map in a new page of the reader's choosing: by place where it is known, else by address.
func mapHref(b catalog.Branch) string {
	if b.HasPlace() {
		return "https://map.kakao.com/link/to/" + url.PathEscape(strings.ReplaceAll(b.Name, ",", " ")) + "," +
			degrees(b.LatitudeE7) + "," + degrees(b.LongitudeE7)
	}
	return "https://map.kakao.com/link/search/" + url.PathEscape(b.Address)
}

func degrees(e7 int64) string {
	whole, rest := e7/1e7, e7%1e7
	return strconv.FormatInt(whole, 10) + "." + strconv.FormatInt(1e7+rest, 10)[1:]
}

// seller is who sells, as the law wants it named.
func (s sheet) sellerPairs(loc ui.Loc) []ui.Pair {
	address := ""
	if len(s.Branches) > 0 {
		address = s.Branches[0].Address
	}
	var out []ui.Pair
	for _, line := range []struct{ key, value string }{
		{"deal.seller.name", s.MerchantName}, {"deal.seller.head", s.Seller.Representative},
		{"deal.seller.number", merchant.FormatNumber(s.Seller.Number)}, {"deal.seller.address", address},
		{"deal.seller.phone", merchant.FormatPhone(s.Seller.Phone)}, {"deal.seller.email", s.Seller.Email},
	} {
		if line.value != "" {
			out = append(out, ui.Pair{Key: loc.T(line.key), Value: line.value})
		}
	}
	return out
}

// sellerNote is where the shop is and how long it has been with us.
func (s sheet) sellerNote(loc ui.Loc) string {
	var parts []string
	if len(s.Branches) > 0 {
		parts = append(parts, s.Branches[0].Address)
	}
	if !s.Seller.Since.IsZero() {
		years := int64(s.Now.Sub(s.Seller.Since).Hours() / 24 / 365)
		if years > 0 {
			parts = append(parts, loc.T("deal.seller.years", "Count", years))
		} else {
			parts = append(parts, loc.T("deal.seller.since", "Day", loc.FullDate(s.Seller.Since)))
		}
	}
	return strings.Join(parts, " · ")
}

// both is what verified guests and the shop said, of this deal where it was asked, else of the shop.
func both(loc ui.Loc, s catalog.Satisfaction) ui.Both {
	b := ui.Both{Apart: s.Apart()}
	if s.GuestsAnswered > 0 {
		b.Guests, b.GuestsNote = tenths(s.GuestsTenths()), loc.T("deal.both.guests", "Count", s.GuestsAnswered)
	} else {
		b.GuestsNote = loc.T("deal.both.none")
	}
	if s.ShopAnswered > 0 {
		b.Shop, b.ShopNote = tenths(s.ShopTenths()), loc.T("deal.both.shop", "Count", s.ShopAnswered)
	} else {
		b.ShopNote = loc.T("deal.both.none")
	}
	return b
}

func tenths(n int64) string { return strconv.FormatInt(n/10, 10) + "." + strconv.FormatInt(n%10, 10) }

// optionPairs lists what can be bought with what is left of each.
func (s sheet) optionPairs(loc ui.Loc) []ui.Pair {
	out := make([]ui.Pair, len(s.Options))
	for i, o := range s.Options {
		note := ""
		if o.Uses > 1 {
			note = loc.T("deal.option.uses", "Count", o.Uses)
		}
		switch left := min(o.Free(), s.Deal.Free()); {
		case left <= 0:
			note = strings.Trim(note+" · "+loc.T("deal.option.none"), " ·")
		case s.phase().Buyable() || s.phase() == word.Coming:
			note = strings.Trim(note+" · "+loc.T("deal.option.left", "Count", left), " ·")
		}
		out[i] = ui.Pair{Key: o.Name, Note: note, Value: loc.Won(o.Price)}
	}
	return out
}

// history words the public lines of the deal.
func (s sheet) history(loc ui.Loc) []ui.Event {
	tones := map[string]ui.Tone{"on_sale": ui.Info, "ended": ui.Act, "failed": ui.Loss, "cancelled": ui.Loss,
		"closing": ui.Warn, "asking": ui.Warn}
	var out []ui.Event
	if !s.Deal.TippedAt.IsZero() {
		out = append(out, ui.Event{Text: loc.T("deal.history.tipped"), Sub: loc.DateTime(s.Deal.TippedAt, s.Now),
			Tone: ui.Act})
	}
	for _, l := range s.History {
		key := "deal.history." + l.Action
		if text := loc.T(key); text != key {
			out = append(out, ui.Event{Text: text, Sub: loc.DateTime(l.At, s.Now), Tone: tones[l.Action]})
		}
	}
	return out
}

// act is the page's one act in the present phase.
type act struct {
	Label string
	Href  string // a link
	Keep  bool   // a form that asks to be told
	Off   bool
}

func (s sheet) act(loc ui.Loc) act {
	switch phase := s.phase(); phase {
	case word.Gathering, word.Open:
		if s.Own {
			return act{Label: loc.T("deal.act.own"), Off: true}
		}
		key := "deal.act.join"
		if s.Card.Options > 1 {
			key = "deal.act.join_from"
		}
		return act{Label: loc.T(key, "Price", loc.Won(s.Price)), Href: s.href() + "/order"}
	case word.Full, word.SoldOut:
		return act{Label: loc.T("deal.act.wait"), Href: s.href() + "/room"}
	case word.Coming:
		if !s.Now.Before(s.Deal.StartsAt.Add(-room.GatherTime)) && !s.Own {
			return act{Label: loc.T("deal.act.room"), Href: s.href() + "/room"}
		}
		if s.Notify {
			return act{Label: loc.T("deal.act.will_tell"), Off: true}
		}
		return act{Label: loc.T("deal.act.tell_me"), Keep: true}
	default:
		return act{Label: loc.T("deal.act." + string(phase)), Off: true}
	}
}

// card is the picture shown where the address is shared.
func (s sheet) share(loc ui.Loc) string {
	return loc.T("deal.share", "Shop", s.MerchantName, "Price", loc.Won(s.Price))
}

func branchesOf(all []catalog.Branch, only []market.BranchID) []catalog.Branch {
	use := catalog.Use{Branches: only}
	var out []catalog.Branch
	for _, b := range all {
		if use.At(b.ID) {
			out = append(out, b)
		}
	}
	return out
}
