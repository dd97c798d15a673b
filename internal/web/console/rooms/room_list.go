package rooms

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/admit"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/room"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are what the page works with.
type Deps struct {
	Frame *request.Frame
	DB    *db.DB
	Admit *admit.Admit
	Nav   func(loc ui.Loc, here string) []ui.NavItem
}

// Path is the address of the page.
const Path = "/admin/rooms"

// Routes mounts the page.
func Routes(mux *http.ServeMux, d Deps) {
	mux.Handle("GET "+Path, d.Frame.Signed(d.list))
	mux.Handle("POST "+Path+"/{deal}", d.Frame.Signed(d.change))
}

// line is one room as the operator sees it.
type line struct {
	Room    room.Room
	Title   string
	Stock   room.Stock
	Rush    room.Rush
	Present int64 // who came before the start, while they gather
}

type view struct {
	Lines  []line
	May    bool // the reader may switch
	Reason string
	Sent   string // the deal whose form was refused
	Errors request.Problems
}

const linesMax = 50

func (d Deps) load(ctx context.Context, actor market.Actor) (view, error) {
	v := view{May: right.Can(actor, right.RoomSwitch, right.Resource{})}
	doors, rushes := d.Admit.Doors(), d.Admit.Rushes()
	err := d.DB.Read(ctx, func(q *db.ReadTx) error {
		rooms, err := room.Recent(ctx, q, linesMax)
		if err != nil {
			return err
		}
		var ids []market.DealID
		for _, m := range rooms {
			ids = append(ids, m.DealID)
		}
		for id, rush := range rushes { // deals that are hot and have no room yet
			if !slices.Contains(ids, id) && rush.Arrivals > 0 && len(rooms) < 2*linesMax {
				ids, rooms = append(ids, id), append(rooms, room.Room{DealID: id})
			}
		}
		cards, err := catalog.ByIDs(ctx, q, ids)
		if err != nil {
			return err
		}
		titles, free := map[market.DealID]string{}, map[market.DealID]room.Stock{}
		for _, c := range cards {
			titles[c.Deal.ID] = c.Title
			free[c.Deal.ID] = room.Stock{Free: max(c.Deal.Free(), 0), Held: c.Deal.HeldUnits,
				InFlight: doors[c.Deal.ID].Stock.InFlight}
		}
		for _, m := range rooms {
			if titles[m.DealID] == "" {
				continue
			}
			l := line{Room: m, Title: titles[m.DealID], Stock: free[m.DealID], Rush: rushes[m.DealID]}
			if m.Gathers() || m.Draws() {
				if l.Present, err = room.CountPresent(ctx, q, m.DealID); err != nil {
					return err
				}
			}
			v.Lines = append(v.Lines, l)
		}
		return nil
	})
	return v, err
}

func (d Deps) list(r *request.Request) error {
	if err := right.Check(r.Actor, right.ConsoleView, right.Resource{}); err != nil {
		return err
	}
	v, err := d.load(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return r.Render(roomsPage(d.page(r), v))
}

func (d Deps) page(r *request.Request) ui.Page {
	p := r.Page(r.Loc.T("room.desk.title"))
	p.NavTitle, p.NavNote, p.Nav = r.Loc.T("console.title"), r.Loc.T("console.note"), d.Nav(r.Loc, Path)
	p.LiveTopics, p.NoIndex = []string{"console"}, true
	return p
}

// change switches a room by hand.
func (d Deps) change(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	hand := form.Choice("hand", "open", "shut", "auto")
	reason := form.Values().Get("reason")
	if err := form.Err(); err != nil {
		return err
	}
	if hand == "auto" {
		hand = ""
	}
	id := r.PathValue("deal")
	err = d.Admit.Switch(r.Context(), r.Actor, admit.SwitchCmd{DealID: market.DealID(id), Hand: room.Hand(hand),
		Reason: reason})
	if err == nil {
		r.Flash(ui.Act, "room.desk.done")
		return r.Redirect(Path)
	}
	v, failed := d.load(r.Context(), r.Actor)
	if failed != nil {
		return failed
	}
	return r.Fail(err, func(p request.Problems) templ.Component {
		v.Errors, v.Sent, v.Reason = p, id, reason
		return roomsPage(d.page(r), v)
	})
}

func (l line) pairs(loc ui.Loc) []ui.Pair {
	if l.Room.Gathers() || l.Room.Draws() {
		return []ui.Pair{
			{Key: loc.T("room.desk.present"), Value: loc.Count(l.Present)},
			{Key: loc.T("room.desk.stock"), Value: loc.Count(l.Stock.Free)},
		}
	}
	return []ui.Pair{
		{Key: loc.T("room.desk.waiting"), Value: loc.Count(l.Room.Waiting())},
		{Key: loc.T("room.desk.called"), Value: loc.Count(l.Room.Called), Note: loc.T("room.desk.pace", "Pace",
			l.Room.PerMinute())},
		{Key: loc.T("room.desk.flight"), Value: loc.Count(l.Stock.InFlight)},
		{Key: loc.T("room.desk.stock"), Value: loc.Count(l.Stock.Free), Note: loc.T("room.desk.held", "Held", l.Stock.Held)},
		{Key: loc.T("room.desk.arrivals"), Value: loc.T("room.desk.per_second", "Count", l.Rush.Arrivals),
			Note: loc.T("room.desk.rate", "Rate", l.Rush.Rate)},
	}
}

func (l line) state(loc ui.Loc) ui.Chip {
	if l.Room.New() {
		return ui.Chip{Label: loc.T("room.desk.state_none")}
	}
	chip := ui.Chip{Label: loc.T("room.desk.state_" + string(l.Room.State))}
	if l.Room.Shuts() {
		chip.Tone = ui.Warn
	}
	return chip
}

func (l line) hand(loc ui.Loc) string {
	if l.Room.Hand == room.ByItself {
		return loc.T("room.desk.hand_auto")
	}
	return loc.T("room.desk.hand_" + string(l.Room.Hand))
}
