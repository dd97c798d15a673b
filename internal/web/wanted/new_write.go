package wanted

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/wanted/board"
	"github.com/dure-commerce/dure/internal/web/wanted/stage"
)

// draftKey holds in the browser's session what a guest has typed, until they have signed in.
const draftKey = "wanted.draft"

// typed is the form as somebody left it.
type typed struct {
	Key, Name, Details, Photo, Link, Kind, Place, Way, TopPrice, Until, Bids string
}

// draftPage is the form with everything it offers.
type draftPage struct {
	Typed       typed
	Kinds       []category.Category
	Here        region.Region
	Back        bool // what was typed before the sign-in
	Guest       bool
	PreviewHref string
	Like        []board.Row // open wishes like this one
	Problems    request.Problems
	Figures     policy.Wanted
	Now         time.Time
}

const (
	draftMax = 8 << 10
	keyMax   = 200
	textMax  = 4096 // more than any field may have, so that the rule can say so itself
)

func (d Deps) newForm(r *request.Request) error {
	query, err := r.Query()
	if err != nil {
		return err
	}
	t := typed{Key: r.NewKey(), Name: query.Text("name", 0, textMax), Link: query.Text("link", 0, textMax)}
	if ref := photo.Ref(query.Text("photo_ref", 0, textMax)); ref.Check() == nil {
		t.Photo = string(ref)
	}
	back := false
	if kept := r.Kept(draftKey); kept != "" && t.Name == "" {
		back = json.Unmarshal([]byte(kept), &t) == nil
	}
	return d.showDraft(r, t, back)
}

func (d Deps) showDraft(r *request.Request, t typed, back bool) error {
	page, err := d.draft(r, t)
	if err != nil {
		return err
	}
	page.Back = back
	return r.Render(newPage(d.draftFrame(r), page))
}

func (d Deps) draftFrame(r *request.Request) ui.Page {
	page := r.Page(r.Loc.T("wanted.new.title"))
	page.Back, page.Heading, page.Canonical = "/wanted", page.Title, "/wanted/new"
	return page
}

// draft reads what the form offers.
func (d Deps) draft(r *request.Request, t typed) (draftPage, error) {
	page := draftPage{Typed: t, Guest: !r.Actor.SignedIn(), PreviewHref: d.PreviewHref, Now: r.Now,
		Figures: policy.At(r.Now).Wanted}
	var err error
	if page.Here, err = d.here(r); err != nil {
		return page, err
	}
	if page.Kinds, _, err = board.KindsOf(r.Context(), d.DB, ""); err != nil {
		return page, err
	}
	page.Like, err = d.like(r.Context(), t.Name)
	return page, err
}

// post begins a wish. A guest's words are kept and found again after the sign-in.
func (d Deps) post(r *request.Request) error {
	f, err := r.FormOf(form.Options{Files: 2, FileBytes: picture.BytesMaxDefault})
	if err != nil {
		return d.again(r, typed{Key: r.NewKey()}, err)
	}
	t := readTyped(f)
	if err := d.takePhoto(r, f, &t); err != nil {
		return d.again(r, t, err)
	}
	if !r.Actor.SignedIn() {
		kept, err := json.Marshal(t)
		if err != nil || len(kept) > draftMax {
			return d.again(r, t, form.ErrTooLarge.With("Max", int64(draftMax)).On("details"))
		}
		r.Keep(draftKey, string(kept))
		return r.Redirect("/signin?next=/wanted/new")
	}
	cmd, err := d.command(r, f, t)
	if err != nil {
		return d.again(r, t, err)
	}
	one, err := d.Wanted.Post(r.Context(), r.Actor, cmd)
	if err != nil {
		return d.again(r, t, err)
	}
	r.Keep(draftKey, "")
	r.Flash(ui.Act, "wanted.new.posted")
	return r.Redirect(stage.Href(one.ID))
}

func readTyped(f *form.Form) typed {
	v := f.Values()
	get := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	word := func(name string) string { return f.Text(name, 0, keyMax) } // cleaned: it is looked for
	t := typed{Key: word("key"), Name: get("name"), Details: get("details"), Link: get("link"), Kind: word("category"),
		Place: word("place"), Way: word("way"), TopPrice: get("top_price"), Until: get("until"), Bids: word("bids")}
	for _, name := range []string{"photo_ref", "kept"} { // of the pasted link, and as it was
		if ref := photo.Ref(get(name)); ref.Check() == nil {
			t.Photo = string(ref)
		}
	}
	return t
}

// uploads bounds the photos of one address in an hour: guests may send some too.
func uploads() limit.Rule { return limit.Rule{Name: "wanted.photo", Max: 30, Per: time.Hour} }

// takePhoto keeps a photo that came with the form, from the camera or from the phone.
func (d Deps) takePhoto(r *request.Request, f *form.Form, t *typed) error {
	for _, name := range []string{"shot", "photo"} {
		file, there := f.File(name)
		if !there || len(file.Data) == 0 {
			continue
		}
		if d.Limits != nil {
			if err := d.Limits.Take(r.Context(), uploads(), r.Actor.Address); err != nil {
				return err
			}
		}
		ref, err := photo.Keep(r.Context(), d.Maker, d.Media, file.Data)
		if err != nil {
			return onField(err, name)
		}
		t.Photo = string(ref)
	}
	if f.Bool("no_photo") {
		t.Photo = ""
	}
	return nil
}

// onField binds a refusal to the field it is about.
func onField(err error, name string) error {
	if one, ok := fail.As(err); ok {
		return one.On(name)
	}
	return err
}

// command reads the form's values as the journey wants them.
func (d Deps) command(r *request.Request, f *form.Form, t typed) (wanted.PostCmd, error) {
	draft := wish.Draft{Name: t.Name, Details: f.Multiline("details", 0, textMax), Photo: t.Photo, Link: t.Link,
		CategoryID: market.CategoryID(t.Kind), Way: wish.Way(t.Way)}
	if t.TopPrice != "" {
		draft.TopPrice = f.Won("top_price", 1, 1_000_000_000)
	}
	if t.Until != "" {
		if day, err := time.ParseInLocation(time.DateOnly, f.Date("until"), deal.Zone); err == nil {
			draft.Until = day.AddDate(0, 0, 1).Add(-time.Second)
		}
	}
	if err := f.Err(); err != nil {
		return wanted.PostCmd{}, err
	}
	if t.Kind != "" {
		if _, err := category.Find(r.Context(), d.DB, draft.CategoryID); err != nil {
			return wanted.PostCmd{}, onField(err, "category")
		}
	}
	if t.Place != "" {
		place, err := region.Find(r.Context(), d.DB, market.RegionID(t.Place))
		if err != nil {
			return wanted.PostCmd{}, onField(err, "place")
		}
		draft.RegionID = place.ID
	}
	bids := bid.InTheOpen
	if t.Bids == string(bid.Sealed) {
		bids = bid.Sealed
	}
	return wanted.PostCmd{Draft: draft, Bids: bids, Key: t.Key}, nil
}

// again shows the form with what was wrong, and everything that was typed.
func (d Deps) again(r *request.Request, t typed, err error) error {
	if errors.Is(err, wanted.ErrKeyReused) || t.Key == "" {
		t.Key = r.NewKey() // the words were changed after they were sent: it is another wish
	}
	page, readErr := d.draft(r, t)
	if readErr != nil {
		return readErr
	}
	return r.Fail(err, func(p request.Problems) templ.Component {
		page.Problems = p
		return newPage(d.draftFrame(r), page)
	})
}

// similar answers the open wishes that are like what is being typed: a part of the form.
func (d Deps) similar(r *request.Request) error {
	query, err := r.Query()
	if err != nil {
		return err
	}
	rows, err := d.like(r.Context(), query.Text("name", 0, textMax))
	if err != nil {
		return err
	}
	return r.Render(ui.Fragment(r.Loc, likePart(rows)))
}

const (
	likeMax     = 3
	likeLetters = 2
)

// like finds open wishes like a name; without a search there are none.
func (d Deps) like(ctx context.Context, name string) ([]board.Row, error) {
	if d.Similar == nil || len([]rune(strings.TrimSpace(name))) < likeLetters {
		return nil, nil
	}
	var rows []board.Row
	err := d.DB.Read(ctx, func(q *db.ReadTx) error {
		ids, err := d.Similar(ctx, q, name, likeMax)
		if err != nil {
			return err
		}
		by, err := wish.Load(ctx, q, ids)
		if err != nil {
			return err
		}
		var list []wish.Wish
		for _, id := range ids {
			if w := by[id]; w != nil && !w.State.Terminal() {
				list = append(list, *w)
			}
		}
		rows, err = board.RowsOf(ctx, q, list)
		return err
	})
	return rows, err
}

// more reports that the folded part of the form holds something, or a fault.
func (p draftPage) more() bool {
	t := p.Typed
	for _, name := range []string{"details", "link", "top_price", "place", "way", "until", "category", "bids"} {
		if p.Problems.Of(name) != "" {
			return true
		}
	}
	return t.Details != "" || t.TopPrice != "" || t.Kind != "" || t.Way != "" || t.Until != "" || t.Place != ""
}

// usual is when a wish ends whose author names no end.
func (p draftPage) usual(loc ui.Loc) string {
	return loc.T("wanted.new.until_help", "Days", strconv.Itoa(p.Figures.Gather.Days), "Max",
		strconv.Itoa(p.Figures.Gather.DaysMax))
}

func (p draftPage) day(days int) string {
	return p.Now.In(deal.Zone).AddDate(0, 0, days).Format(time.DateOnly)
}

func (p draftPage) kinds(loc ui.Loc) []ui.Choice {
	out := make([]ui.Choice, len(p.Kinds))
	for i, k := range p.Kinds {
		out[i] = ui.Choice{Value: string(k.ID), Label: k.Label(loc.Lang())}
	}
	return out
}

func (p draftPage) places(loc ui.Loc) []ui.Choice {
	out := []ui.Choice{{Value: "", Label: loc.T("wanted.anywhere"), Help: loc.T("wanted.new.anywhere"),
		Checked: p.Typed.Place == ""}}
	if p.Here.ID != "" && p.Here.ID != region.Korea {
		out = append(out, ui.Choice{Value: string(p.Here.ID), Label: p.Here.Label(loc.Lang()),
			Help: loc.T("wanted.new.here")})
	}
	return out
}

func ways(loc ui.Loc, chosen string) []ui.Choice {
	var out []ui.Choice
	for _, w := range []wish.Way{wish.AnyWay, wish.ByParcel, wish.AtBranch} {
		out = append(out, ui.Choice{Value: string(w), Label: loc.T("wanted.way." + wayName(w)), Checked: chosen == string(w)})
	}
	return out
}

func auctions(loc ui.Loc, chosen string) []ui.Choice {
	var out []ui.Choice
	for _, k := range []bid.Kind{bid.InTheOpen, bid.Sealed} {
		out = append(out, ui.Choice{Value: string(k), Label: loc.T("wanted.bids." + string(k)),
			Help:    loc.T("wanted.bids." + string(k) + "_help"),
			Checked: chosen == string(k) || chosen == "" && k == bid.InTheOpen})
	}
	return out
}

// previewing lets the form look at a pasted link, where there is an address that does so safely.
func (p draftPage) previewing() templ.Attributes {
	if p.PreviewHref == "" || p.Guest { // who has not signed in would be led away from what they type
		return nil
	}
	return templ.Attributes{"hx-post": p.PreviewHref, "hx-trigger": "change, paste delay:200ms", "hx-target": "#preview",
		"hx-swap": "innerHTML", "hx-include": "this"}
}
