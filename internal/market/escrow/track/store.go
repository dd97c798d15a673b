package track

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
)

// Ask is a parcel that is to be asked about.
type Ask struct {
	ID      string // of the shipment
	OrderID market.OrderID
	parcel.Name
	parcel.Track       // what is known
	Asks         int64 // calls without an answer since the last one
	AskAt        time.Time
	Ended        bool // its share has ended: it needs no asking any more
}

func scan(r db.Row) (Ask, error) {
	var a Ask
	err := r.Scan(&a.ID, &a.OrderID, &a.Carrier, &a.Number, db.Time(&a.AcceptedAt), db.Time(&a.MovingAt),
		db.Time(&a.DeliveredAt), db.Time(&a.ReturnedAt), &a.Asks, db.Time(&a.AskAt), &a.Ended)
	return a, err
}

// Due lists up to limit parcels whose time to be asked about has come, the longest waiting first.
func Due(ctx context.Context, q db.Querier, now time.Time, limit int) ([]Ask, error) {
	return db.All(ctx, q, scan, `SELECT p.id, p.order_id, p.carrier, p.number, p.accepted_at, p.moving_at,
 p.delivered_at, p.returned_at, p.asks, p.ask_at, s.ended_at IS NOT NULL
 FROM escrow_shipment p JOIN escrow_share s ON s.order_id = p.order_id
 WHERE p.ask_at IS NOT NULL AND p.ask_at <= $1 AND p.live AND p.number <> '' ORDER BY p.ask_at, p.id LIMIT $2`,
		db.Micros(now), limit)
}

var claim = db.Update{
	Table: "escrow_shipment",
	Columns: []db.Column{{Name: "id", Type: "text"}, {Name: "known", Type: "bigint"}, {Name: "ask_at", Type: "bigint"},
		{Name: "asks", Type: "bigint"}},
	Set:       "ask_at = v.ask_at, asks = v.asks",
	Where:     "escrow_shipment.id = v.id AND escrow_shipment.ask_at = v.known",
	Returning: "escrow_shipment.id",
}

// Claim puts the next asking of parcels off to where it would be if no answer came, and gives those that nobody else
// has claimed. Ended ones are asked about no more.
func Claim(ctx context.Context, tx *db.Tx, asks []Ask) ([]Ask, error) {
	rows := make([][]any, len(asks))
	for i, a := range asks {
		next := db.TimeArg(tx.Now().Add(Retry(a.Asks)))
		if a.Ended {
			next = nil
		}
		rows[i] = []any{a.ID, db.Micros(a.AskAt), next, a.Asks + 1}
	}
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	taken, err := db.UpdateMany(ctx, tx, claim, rows)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(asks), func(a Ask) bool {
		return a.Ended || !slices.Contains(taken, a.ID)
	}), nil
}

var answered = db.Update{
	Table:     "escrow_shipment",
	Columns:   []db.Column{{Name: "id", Type: "text"}, {Name: "ask_at", Type: "bigint"}},
	Set:       "ask_at = v.ask_at, asks = 0",
	Where:     "escrow_shipment.id = v.id AND escrow_shipment.ask_at IS NOT NULL",
	Returning: "escrow_shipment.id",
}

// Answered notes that a call about parcels was answered: each rests as long as what is known of it says.
func Answered(ctx context.Context, tx *db.Tx, asks []Ask) error {
	rows := make([][]any, len(asks))
	for i, a := range asks {
		rows[i] = []any{a.ID, db.Micros(tx.Now().Add(Again(a.Track)))}
	}
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	_, err := db.UpdateMany(ctx, tx, answered, rows)
	return err
}
