package office

import (
	"context"
	"strings"

	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// claimLine is one claim of a shop as its people see it.
type claimLine struct {
	directory.Claim
	Entry directory.Entry
	Key   string
}

// shownClaims are a shop's claims, newest first, without those that it took back itself.
func (d Deps) shownClaims(r *request.Request, m merchant.Merchant) ([]claimLine, error) {
	list, err := directory.ClaimsOf(r.Context(), d.DB, m.ID)
	if err != nil {
		return nil, err
	}
	var out []claimLine
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].State == directory.ClaimWithdrawn {
			continue
		}
		e, err := directory.Find(r.Context(), d.DB, list[i].EntryID)
		if err != nil {
			return nil, err
		}
		out = append(out, claimLine{list[i], e, r.NewKey()})
	}
	return out, nil
}

// words says where a claim stands.
func (c claimLine) words(loc ui.Loc) string {
	switch {
	case c.LostTo != "":
		return loc.T("claim.says.lost")
	case c.Reason != "":
		return loc.T("claim.says."+string(c.State)) + " " + c.Reason
	}
	return loc.T("claim.says." + string(c.State))
}

func (c claimLine) tone() ui.Tone {
	switch c.State {
	case directory.ClaimGranted:
		return ui.Act
	case directory.ClaimRefused, directory.ClaimReleased:
		return ui.Warn
	default: // live ones wait quietly
		return ui.Quiet
	}
}

// live tells whether any claim may still be granted, or was.
func live(list []claimLine) bool {
	for _, c := range list {
		if c.State.Live() || c.State == directory.ClaimGranted {
			return true
		}
	}
	return false
}

// seeking is the page on which an owner looks for the shop in the register.
type seeking struct {
	Shop     merchant.Merchant
	Query    string
	Where    string // the neighbourhood that was looked through, "" for all
	Asked    bool   // the owner typed; else the program offers by itself
	Rows     []directory.Entry
	Key      string
	Problems request.Problems
}

const (
	offersMax = 5
	soughtMax = 20
	seekMax   = 60
)

func (d Deps) entrySeek(r *request.Request) error {
	m, err := d.shop(r, right.MerchantClaim)
	if err != nil {
		return err
	}
	query, err := r.Query()
	if err != nil {
		return err
	}
	v := seeking{Shop: m, Key: r.NewKey(), Query: strings.TrimSpace(query.Text("q", 0, seekMax))}
	if v.Problems = r.Problems(query.Err()); len(v.Problems) == 0 {
		if err := d.seek(r, &v); err != nil {
			return err
		}
	}
	p := d.page(r, m, "claim.seek")
	return r.Render(seekPage(p, v))
}

// seek looks through the register: with what was typed, or for the shop's own name around it.
func (d Deps) seek(r *request.Request, v *seeking) error {
	if d.Entries == nil {
		return nil
	}
	if v.Query != "" {
		v.Asked = true
		found, err := directory.Search(r.Context(), d.DB, d.Entries, v.Query, soughtMax)
		for _, e := range found {
			if e.State == directory.Unclaimed {
				v.Rows = append(v.Rows, e)
			}
		}
		return err
	}
	v.Query = v.Shop.Business.Name
	here, rows, err := d.offers(r.Context(), v.Shop)
	v.Where, v.Rows = here.FullLabel(r.Loc.Lang()), rows
	return err
}

// offers are entries of the shop's own neighbourhood that bear its name.
func (d Deps) offers(ctx context.Context, m merchant.Merchant) (region.Region, []directory.Entry, error) {
	if d.Entries == nil || m.RegionID == "" {
		return region.Region{}, nil, nil
	}
	here, err := region.Find(ctx, d.DB, m.RegionID)
	if err != nil {
		return here, nil, err
	}
	rows, err := directory.Likely(ctx, d.DB, d.Entries, directory.Seek{
		RegionID: here.ID, Place: here.Name, Words: m.Business.Name, Limit: offersMax,
	})
	return here, rows, err
}

// afterPlace leads on from a saved place: to entries that may be this shop, while it is written and claims none.
func (d Deps) afterPlace(r *request.Request, before merchant.Merchant) error {
	m, err := merchant.Find(r.Context(), d.DB, before.ID)
	if err != nil {
		return err
	}
	if m.Open() && right.Can(r.Actor, right.MerchantClaim, right.Of(m.ID)) {
		claims, err := directory.ClaimsOf(r.Context(), d.DB, m.ID)
		if err != nil {
			return err
		}
		if len(claims) == 0 {
			_, rows, err := d.offers(r.Context(), m)
			if err != nil {
				return err
			}
			if len(rows) > 0 {
				r.Flash(ui.Act, "enroll.saved")
				return r.Redirect(base(m.ID) + "/register")
			}
		}
	}
	return onward(r, m, "/places")
}

func entryLine(e directory.Entry) string {
	return strings.Trim(e.Industry+" · "+e.Door(), " ·")
}

// claimLabel is the button's: what pressing it does.
func claimLabel(loc ui.Loc, v claiming) string {
	if len(v.Shops) > 0 {
		return loc.T("claim.do")
	}
	return loc.T("claim.do_new")
}

func claimClass(c claimLine) string {
	if c.tone() == ui.Quiet {
		return "quiet"
	}
	return "of-" + string(c.tone())
}
