package escrow

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
)

// Shipment is a share's parcel. A number that was put right leaves its shipment behind, no longer live.
type Shipment struct {
	ID      string
	OrderID market.OrderID
	parcel.Name
	parcel.Track
	Live      bool
	AccountID market.AccountID // who named it
	At        time.Time
}

const (
	shipmentPrefix  = "shp"
	shipmentColumns = `id, order_id, carrier, number, live, account_id, at, accepted_at, moving_at, delivered_at,
 returned_at`
)

func scanShipment(r db.Row) (Shipment, error) {
	var s Shipment
	err := r.Scan(&s.ID, &s.OrderID, &s.Carrier, &s.Number, &s.Live, &s.AccountID, db.Time(&s.At), db.Time(&s.AcceptedAt),
		db.Time(&s.MovingAt), db.Time(&s.DeliveredAt), db.Time(&s.ReturnedAt))
	return s, err
}

// LoadShipments reads the live parcels of shares; a share without one is missing in the answer.
func LoadShipments(
	ctx context.Context, q db.Querier, ids []market.OrderID,
) (map[market.OrderID]Shipment, error) {
	all, err := db.ByIDs(ctx, q, scanShipment, `SELECT `+shipmentColumns+` FROM escrow_shipment
 WHERE live AND order_id IN `+db.IDsMark, ids)
	out := make(map[market.OrderID]Shipment, len(all))
	for _, s := range all {
		out[s.OrderID] = s
	}
	return out, err
}

// namesUsed gives whose the parcels are that a carrier knows by these numbers.
func namesUsed(ctx context.Context, q db.Querier, numbers []string) (map[parcel.Name]Shipment, error) {
	all, err := db.ByIDs(ctx, q, scanShipment, `SELECT `+shipmentColumns+` FROM escrow_shipment
 WHERE live AND number <> '' AND number IN `+db.IDsMark, numbers)
	out := make(map[parcel.Name]Shipment, len(all))
	for _, s := range all {
		out[s.Name] = s
	}
	return out, err
}

// Parcels lists every parcel a share ever had, the newest first.
func Parcels(ctx context.Context, q db.Querier, id market.OrderID) ([]Shipment, error) {
	return db.All(ctx, q, scanShipment, `SELECT `+shipmentColumns+` FROM escrow_shipment WHERE order_id = $1
 ORDER BY id DESC`, string(id))
}

// Events lists what a carrier told of a parcel, the oldest first.
func Events(ctx context.Context, q db.Querier, shipment string) ([]parcel.Event, error) {
	return db.All(ctx, q, func(r db.Row) (parcel.Event, error) {
		var e parcel.Event
		err := r.Scan(&e.Kind, db.Time(&e.At), &e.Place)
		return e, err
	}, `SELECT kind, at, place FROM escrow_track WHERE shipment_id = $1 ORDER BY at, kind`, shipment)
}

// Sent is one share's parcel as its seller names it.
type Sent struct {
	OrderID market.OrderID
	parcel.Name
}

// Shipping is what a seller sends for one wish, one parcel or many.
type Shipping struct {
	WishID     market.WishID
	MerchantID market.MerchantID
	AccountID  market.AccountID // who names them
	Parcels    []Sent
}

// SentOf is what a sheet's rows send, once Match has found their orders.
func SentOf(rows []parcel.Row) []Sent {
	out := make([]Sent, len(rows))
	for i, r := range rows {
		out[i] = Sent{OrderID: market.OrderID(r.Order), Name: r.Name}
	}
	return out
}

var (
	retireShipments = db.Update{Table: "escrow_shipment", Columns: []db.Column{{Name: "id", Type: "text"}},
		Set: "live = FALSE", Where: "escrow_shipment.id = v.id AND escrow_shipment.live", Returning: "escrow_shipment.id"}
	insertShipments = db.Insert{Table: "escrow_shipment", OnConflict: "ON CONFLICT DO NOTHING",
		Columns: []string{"id", "order_id", "carrier", "number", "live", "account_id", "at"}}
)

// Ship notes parcels and moves their shares, each by itself: a refusal stands in its answer. The seller's own refusals
// (ErrNotFound, ErrNotBegun, ErrDelivery) and ErrMoved refuse the whole. The same parcel named again changes nothing.
// Some hundred parcels are a good batch: a thousand take a tenth of a second.
func Ship(ctx context.Context, tx *db.Tx, r Rules, cmd Shipping) ([]Answer, error) {
	e, err := Find(ctx, tx, cmd.WishID)
	if err != nil {
		return nil, err
	}
	if err := e.MayShip(cmd.MerchantID); err != nil {
		return nil, err
	}
	ids, numbers := make([]market.OrderID, len(cmd.Parcels)), make([]string, len(cmd.Parcels))
	for i, p := range cmd.Parcels {
		ids[i], numbers[i] = p.OrderID, p.Number
	}
	was, err := LoadShares(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	w := sending{e: e, was: was, done: map[market.OrderID]bool{}, cmd: cmd}
	if w.live, err = LoadShipments(ctx, tx, ids); err != nil {
		return nil, err
	}
	if w.used, err = namesUsed(ctx, tx, numbers); err != nil {
		return nil, err
	}
	answers := make([]Answer, len(cmd.Parcels))
	for i, p := range cmd.Parcels {
		answers[i] = Answer{OrderID: p.OrderID, Err: w.take(p, r, tx)}
	}
	return answers, w.write(ctx, tx)
}

// sending is a batch of parcels as it is decided.
type sending struct {
	cmd    Shipping
	e      Escrow
	was    map[market.OrderID]Share
	live   map[market.OrderID]Shipment
	used   map[parcel.Name]Shipment
	done   map[market.OrderID]bool
	moves  []move
	retire [][]any
	insert [][]any
}

func (w *sending) take(p Sent, r Rules, tx *db.Tx) error {
	s, known := w.was[p.OrderID]
	old, sent := w.live[p.OrderID]
	switch {
	case !known || s.WishID != w.e.WishID:
		return parcel.ErrUnknown
	case w.done[p.OrderID]:
		return ErrTwice
	case sent && old.Name == p.Name:
		return nil
	case p.Traced() && w.used[p.Name].OrderID != "":
		return ErrNumberUsed
	}
	next, err := w.e.Ship(s, r, tx.Now())
	if err != nil {
		return err
	}
	w.done[p.OrderID] = true
	if sent {
		w.retire = append(w.retire, []any{old.ID})
	}
	id := tx.NewID(shipmentPrefix)
	w.used[p.Name] = Shipment{ID: id, OrderID: p.OrderID}
	w.insert = append(w.insert, []any{id, string(p.OrderID), string(p.Carrier), p.Number, true, string(w.cmd.AccountID),
		db.Micros(tx.Now())})
	w.moves = append(w.moves, move{s, next})
	return nil
}

func (w *sending) write(ctx context.Context, tx *db.Tx) error {
	slices.SortFunc(w.retire, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	gone, err := db.UpdateMany(ctx, tx, retireShipments, w.retire)
	if err != nil {
		return fmt.Errorf("retire shipments: %w", err)
	}
	n, err := db.InsertMany(ctx, tx, insertShipments, w.insert)
	if err != nil {
		return fmt.Errorf("insert shipments: %w", err)
	}
	if len(gone) != len(w.retire) || n != int64(len(w.insert)) {
		return ErrMoved
	}
	return write(ctx, tx, w.moves)
}

// Heard is one message of a carrier about one parcel.
type Heard struct {
	parcel.Name
	parcel.Event
}

var (
	insertTrack = db.Insert{Table: "escrow_track", OnConflict: "ON CONFLICT DO NOTHING",
		Columns: []string{"shipment_id", "kind", "at", "place", "heard_at"}}
	raiseTrack = db.Update{
		Table: "escrow_shipment",
		Columns: []db.Column{{Name: "id", Type: "text"}, {Name: "accepted_at", Type: "bigint"},
			{Name: "moving_at", Type: "bigint"}, {Name: "delivered_at", Type: "bigint"}, {Name: "returned_at", Type: "bigint"}},
		Set: newest("accepted_at") + ", " + newest("moving_at") + ", " + newest("delivered_at") + ", " +
			newest("returned_at"),
		Where:     "escrow_shipment.id = v.id",
		Returning: "escrow_shipment.id",
	}
)

// newest keeps the later of two instants: events may be written by several nodes in any order.
func newest(column string) string {
	was := "escrow_shipment." + column
	return column + " = CASE WHEN v." + column + " > coalesce(" + was + ", 0) THEN v." + column + " ELSE " + was + " END"
}

// placeMax bounds what a carrier writes of a place, in characters.
const placeMax = 60

// Follow notes what carriers told, in any order, late and twice, and gives the shares that this moved. Parcels that
// nobody sent are passed over. An event of the future is taken as one of now, so that nothing true can come too late
// after it.
func Follow(ctx context.Context, tx *db.Tx, r Rules, heard []Heard) ([]Share, error) {
	numbers := make([]string, len(heard))
	for i, h := range heard {
		numbers[i] = h.Number
	}
	used, err := namesUsed(ctx, tx, numbers)
	if err != nil {
		return nil, err
	}
	news, ids, events := map[string]parcel.Track{}, []market.OrderID{}, [][]any{}
	for _, h := range heard {
		s, known := used[h.Name]
		if !known || !slices.Contains(parcel.Kinds(), h.Kind) || h.At.IsZero() {
			continue
		}
		if h.At.After(tx.Now()) {
			h.At = tx.Now()
		}
		if _, met := news[s.ID]; !met {
			ids = append(ids, s.OrderID)
		}
		news[s.ID] = news[s.ID].With(h.Event)
		place := []rune(h.Place)
		events = append(events, []any{s.ID, string(h.Kind), db.Micros(h.At), string(place[:min(len(place), placeMax)]),
			db.Micros(tx.Now())})
	}
	if _, err := db.InsertMany(ctx, tx, insertTrack, events); err != nil {
		return nil, fmt.Errorf("insert track: %w", err)
	}
	if err := raise(ctx, tx, news); err != nil {
		return nil, err
	}
	return follow(ctx, tx, r, ids)
}

func raise(ctx context.Context, tx *db.Tx, news map[string]parcel.Track) error {
	rows := make([][]any, 0, len(news))
	for id, t := range news {
		rows = append(rows, []any{id, db.TimeArg(t.AcceptedAt), db.TimeArg(t.MovingAt), db.TimeArg(t.DeliveredAt),
			db.TimeArg(t.ReturnedAt)})
	}
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	if _, err := db.UpdateMany(ctx, tx, raiseTrack, rows); err != nil {
		return fmt.Errorf("raise track: %w", err)
	}
	return nil
}

// follow moves the shares of parcels as they stand now: the rows are ours since they were raised.
func follow(ctx context.Context, tx *db.Tx, r Rules, ids []market.OrderID) ([]Share, error) {
	live, err := LoadShipments(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	b, err := gather(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var moved []Share
	for _, id := range ids {
		s, e, known := b.find(id)
		if !known {
			continue
		}
		if next, moves := e.Follow(s, live[id].Track, r, tx.Now()); moves {
			moved = append(moved, b.put(next))
		}
	}
	return moved, write(ctx, tx, b.moves())
}
