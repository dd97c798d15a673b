package admin

import (
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// claim is one claim of a shop beside what the shop says of itself.
type claim struct {
	directory.Claim
	Entry   directory.Entry
	Kind    string
	Place   string
	Branch  merchant.Branch // the place that agrees most with the entry
	Beside  directory.Comparison
	Rivals  []rival
	Key     string
	Decide  bool // the operator may decide it by itself: the shop is a member
	Release bool
}

// rival is another registration that claims the same entry.
type rival struct {
	directory.Claim
	Shop merchant.Merchant
}

// claims reads what a shop claims, and who else does.
func (v *dossier) claims(r *request.Request, q db.Querier) error {
	list, err := directory.ClaimsOf(r.Context(), q, v.Shop.ID)
	if err != nil {
		return err
	}
	for i := len(list) - 1; i >= 0; i-- {
		c := claim{Claim: list[i], Key: r.NewKey()}
		if err := c.load(r, q, v); err != nil {
			return err
		}
		v.Claims = append(v.Claims, c)
	}
	return nil
}

func (c *claim) load(r *request.Request, q db.Querier, v *dossier) error {
	ctx := r.Context()
	var err error
	if c.Entry, err = directory.Find(ctx, q, c.EntryID); err != nil {
		return err
	}
	kind, err := category.Find(ctx, q, c.Entry.CategoryID)
	if err != nil && !errors.Is(err, category.ErrNotFound) {
		return err
	}
	c.Kind = kind.Label(r.Loc.Lang())
	if c.Entry.Known() {
		place, err := region.Find(ctx, q, c.Entry.RegionID)
		if err != nil && !errors.Is(err, region.ErrNotFound) {
			return err
		}
		c.Place = place.FullLabel(r.Loc.Lang())
	}
	c.compare(v)
	c.Decide = v.Decides && c.State == directory.ClaimAsked && v.Shop.MaySell()
	c.Release = v.Decides && c.State == directory.ClaimGranted
	if !c.State.Live() {
		return nil
	}
	c.Rivals, err = rivals(r, q, c.Claim)
	return err
}

// compare puts the entry beside the shop's place that agrees most with it.
func (c *claim) compare(v *dossier) {
	c.Beside = c.Entry.Compare(directory.Sign{Name: v.Shop.Business.Name, CategoryID: v.Shop.Profile.CategoryID})
	for i, b := range v.Branches {
		beside := c.Entry.Compare(directory.Sign{
			Name: v.Shop.Business.Name, Address: b.Address, RegionID: b.RegionID, CategoryID: v.Shop.Profile.CategoryID,
			LatitudeE7: b.LatitudeE7, LongitudeE7: b.LongitudeE7,
		})
		if i == 0 || beside.Count() < c.Beside.Count() {
			c.Branch, c.Beside = b, beside
		}
	}
}

func rivals(r *request.Request, q db.Querier, c directory.Claim) ([]rival, error) {
	list, err := directory.Rivals(r.Context(), q, c.EntryID)
	if err != nil {
		return nil, err
	}
	var ids []market.MerchantID
	for _, one := range list {
		ids = append(ids, one.MerchantID)
	}
	shops, err := merchant.ListByIDs(r.Context(), q, ids)
	if err != nil {
		return nil, err
	}
	by := map[market.MerchantID]merchant.Merchant{}
	for _, m := range shops {
		by[m.ID] = m
	}
	var out []rival
	for _, one := range list {
		if one.ID != c.ID {
			out = append(out, rival{one, by[one.MerchantID]})
		}
	}
	return out, nil
}

// columns and rows are the table of what agrees and what does not.
func (c claim) columns(loc ui.Loc) []ui.Column {
	return []ui.Column{{Label: loc.T("admin.claim.what")}, {Label: loc.T("admin.claim.register")},
		{Label: loc.T("admin.claim.shop")}, {Label: loc.T("admin.claim.agrees")}}
}

func (c claim) rows(loc ui.Loc, v dossier) [][]ui.Cell {
	metres := ""
	if c.Beside.Spot != directory.Unknown {
		metres = loc.T("admin.claim.metres", "Metres", c.Beside.Metres)
	}
	trade := c.Kind
	if c.Entry.Industry != "" {
		trade += " (" + c.Entry.Industry + ")"
	}
	rows := [][]ui.Cell{}
	for _, one := range []struct {
		key, register, shop string
		agrees              directory.Agreement
	}{
		{"name", c.Entry.Title(), v.Shop.Business.Name, c.Beside.Name},
		{"address", c.Entry.Door(), c.Branch.Address, c.Beside.Address},
		{"place", c.Place, v.Places[c.Branch.RegionID], c.Beside.Place},
		{"kind", trade, v.Kind, c.Beside.Kind},
		{"distance", "", metres, c.Beside.Spot},
	} {
		if one.shop == "" && one.register == "" {
			continue // no map knows both
		}
		agrees := ui.Cell{Text: loc.T("admin.claim." + string(one.agrees)), Tone: ui.Quiet}
		if one.agrees == directory.Differs {
			agrees.Content = ui.Chip{Label: agrees.Text, Tone: ui.Warn}
		}
		rows = append(rows, []ui.Cell{{Text: loc.T("admin.claim." + one.key), Strong: true}, dash(one.register),
			dash(one.shop), agrees})
	}
	return rows
}

// dash stands where nothing is said.
func dash(text string) ui.Cell {
	if text == "" {
		return ui.Cell{Text: "–"}
	}
	return ui.Cell{Text: text}
}

// sum is the table in a sentence.
func (c claim) sum(loc ui.Loc) string {
	if n := c.Beside.Count(); n > 0 {
		return loc.T("admin.claim.count", "Count", n)
	}
	return loc.T("admin.claim.all_same")
}

// why is the reason of a claim that ended without being granted.
func (c claim) why(loc ui.Loc) string {
	if c.LostTo != "" {
		return loc.T("admin.claim.lost")
	}
	return c.Reason
}

// asked counts the entries that approving the shop gives to it, and the claims of others that it ends.
func (v dossier) asked() (given, lost int) {
	for _, c := range v.Claims {
		if c.State == directory.ClaimAsked {
			given, lost = given+1, lost+len(c.Rivals)
		}
	}
	return given, lost
}
