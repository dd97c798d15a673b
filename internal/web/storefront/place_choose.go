package storefront

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// PlaceCookie holds the neighbourhood that a browser looks at.
const PlaceCookie = "place"

const (
	placeSeconds = 365 * 24 * 60 * 60
	regionIDMax  = 64
)

// country is what one sees before choosing.
func country() region.Region {
	return region.Region{ID: region.Korea, Level: region.Country, Code: "KR", Name: "전국", NameEN: "All of Korea",
		FullName: "전국", FullNameEN: "All of Korea"}
}

// Here is the neighbourhood of a request: the account's home, else the browser's choice, else the whole country. Who is
// signed in has the same front page on every device.
func (d Deps) Here(r *request.Request) (region.Region, error) {
	id := market.RegionID("")
	if d.Home != nil && r.Actor.SignedIn() {
		home, err := d.Home(r.Context(), r.Actor.AccountID)
		if err != nil {
			return country(), err
		}
		id = home
	}
	if cookie, err := r.Cookie(PlaceCookie); id == "" && err == nil && len(cookie.Value) <= regionIDMax {
		id = market.RegionID(cookie.Value)
	}
	return d.findPlace(r.Context(), id)
}

func (d Deps) findPlace(ctx context.Context, id market.RegionID) (region.Region, error) {
	if id == "" || id == region.Korea {
		return country(), nil
	}
	found, err := region.Find(ctx, d.DB, id)
	if errors.Is(err, region.ErrNotFound) {
		return country(), nil // a choice that was merged away since
	}
	return found, err
}

// place is the neighbourhood as the bar of every page shows it.
func (d Deps) place(r *request.Request) ui.Place {
	here, err := d.Here(r)
	if err != nil {
		here = country()
	}
	return ui.Place{Name: here.Label(r.Loc.Lang()), Href: "/regions"}
}

// chooseRegion keeps a choice in the browser, and with the account of who is signed in, and comes back.
func (d Deps) chooseRegion(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	id := market.RegionID(form.Text("region", 1, regionIDMax))
	if err := form.Err(); err != nil {
		return err
	}
	chosen, home := country(), market.RegionID("")
	if id != region.Korea {
		if chosen, err = region.Find(r.Context(), d.DB, id); err != nil {
			return err
		}
		home = id
	}
	if d.SetHome != nil && r.Actor.SignedIn() {
		if err := d.SetHome(r.Context(), r.Actor, home); err != nil {
			return err
		}
		r.Flash(ui.Act, "storefront.regions.home", "Name", chosen.Label(r.Loc.Lang()))
	}
	http.SetCookie(r.W, &http.Cookie{Name: PlaceCookie, Value: string(id), Path: "/", MaxAge: placeSeconds,
		SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: d.Frame.Secure})
	return r.Redirect(r.Next(form.Text("next", 0, 2000), "/"))
}

// regionList is the page on which a neighbourhood is chosen.
type regionList struct {
	Query   string
	Asked   bool
	In      region.Region
	Up      []ui.Link
	Map     ui.TileMap
	Rows    []regionRow
	Credits []string
	Here    market.RegionID
}

type regionRow struct {
	ID          market.RegionID
	Name, Note  string
	Href        string // deeper, "" at the leaves
	Here, Pause bool
}

const regionsMax = 30

func (d Deps) regions(r *request.Request) error {
	query, err := r.Query()
	if err != nil {
		return err
	}
	view := regionList{Query: query.Text("q", 0, 60), In: country()}
	in := market.RegionID(query.Text("in", 0, regionIDMax))
	if err := query.Err(); err != nil {
		return err
	}
	here, err := d.Here(r)
	if err != nil {
		return err
	}
	view.Here = here.ID
	going, err := d.goingOn(r.Context())
	if err != nil {
		return err
	}
	if strings.TrimSpace(view.Query) != "" {
		view.Asked = true
		found, err := region.Search(r.Context(), d.DB, view.Query, regionsMax)
		if err != nil {
			return err
		}
		for _, one := range found {
			view.Rows = append(view.Rows, regionRow{ID: one.ID, Name: one.FullLabel(r.Loc.Lang()),
				Note: going.note(r.Loc, one), Here: one.ID == here.ID})
		}
	} else if err := d.drill(r, &view, in, going); err != nil {
		return err
	}
	page := r.Page(r.Loc.T("storefront.regions.title"))
	page.Back = "/"
	return r.Render(regionsPage(page, view))
}

// drill fills the page with what lies in a region: a map and the same as a list.
func (d Deps) drill(r *request.Request, view *regionList, in market.RegionID, going going) error {
	if in == "" {
		in = region.Korea
	}
	drawn, err := region.LoadMap(r.Context(), d.DB, in, mapWidth)
	if err != nil {
		return err
	}
	lang := r.Loc.Lang()
	view.In, view.Credits = drawn.Of, drawn.Credits
	if in == region.Korea {
		view.In = country()
	} else {
		around, err := region.Ancestors(r.Context(), d.DB, in)
		if err != nil {
			return err
		}
		view.Up = crumbs(lang, append(around, drawn.Of))
	}
	view.Map = ui.TileMap{Label: r.Loc.T("storefront.regions.map", "Name", view.In.Label(lang))}
	for _, p := range drawn.Places {
		href := "/regions?in=" + string(p.ID)
		if p.Level == region.Neighbourhood || p.Level == region.Area {
			href = "/r/" + string(p.ID)
		}
		n := going.of(p.Region)
		tile := ui.Tile{Name: short(p.Label(lang)), Href: href, X: int64(p.X), Y: int64(p.Y), Level: level(n),
			Here: p.ID == view.Here}
		if n > 0 {
			tile.Note = r.Loc.Count(n)
		}
		if drawn.Tiles {
			view.Map.Tiles = append(view.Map.Tiles, tile)
		}
		row := regionRow{ID: p.ID, Name: p.Label(lang), Note: going.note(r.Loc, p.Region), Here: p.ID == view.Here}
		if p.Level != region.Neighbourhood {
			row.Href = href
		}
		view.Rows = append(view.Rows, row)
	}
	return nil
}

const mapWidth = 600

func crumbs(lang string, around []region.Region) []ui.Link {
	out := []ui.Link{{Label: country().Label(lang), Href: "/regions"}}
	for _, one := range around {
		if one.Level != region.Country {
			out = append(out, ui.Link{Label: one.Label(lang), Href: "/regions?in=" + string(one.ID)})
		}
	}
	return out
}

// short keeps a tile's name inside its square: 서울특별시 is 서울, 성수1가1동 stays.
func short(name string) string {
	name = strings.NewReplacer("특별자치시", "", "특별자치도", "", "특별시", "", "광역시", "", "충청북도", "충북",
		"충청남도", "충남", "전라북도", "전북", "전라남도", "전남", "경상북도", "경북", "경상남도", "경남", "경기도", "경기",
		"-gu", "", "-si", "", "-gun", "", "-do", "", "-dong", "").Replace(name)
	letters := []rune(name)
	if len(letters) > tileLetters && letters[0] > 0x1100 {
		return string(letters[:tileLetters])
	}
	return name
}

const tileLetters = 5

func level(n int64) int64 {
	switch {
	case n == 0:
		return 0
	case n < 3:
		return 1
	case n < 10:
		return 2
	}
	return 3
}

// going is how many deals one can join, region by region.
type going []catalog.Going

func (d Deps) goingOn(ctx context.Context) (going, error) {
	return catalog.GoingOn(ctx, d.DB, d.DB.Clock().Now())
}

// of counts the deals shown in a region or in one inside it.
func (g going) of(r region.Region) int64 {
	var sum int64
	for _, one := range g {
		_, code, _ := strings.Cut(string(one.RegionID), "_")
		if one.RegionID == r.ID || r.Level != region.Area && strings.HasPrefix(code, r.Code) {
			sum += one.Deals
		}
	}
	return sum
}

func (g going) note(loc ui.Loc, r region.Region) string {
	if n := g.of(r); n > 0 {
		return loc.T("storefront.regions.deals", "Count", n)
	}
	return ""
}
