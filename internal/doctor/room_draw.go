package doctor

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/room"
)

// roomQuestions are those of waiting rooms and waiting lists (90, 91, 92).
func roomQuestions() []Question {
	return []Question{
		{Name: "rooms", Walk: walkRooms},
		{Name: "waitlist", Walk: walkTable(table{
			keys: `SELECT id FROM waitlist WHERE id > $1 ORDER BY id LIMIT $2`,
			rules: []rule{{92, "offer_order", `SELECT w.id, 0, 1 FROM waitlist w WHERE w.id > $1 AND w.id <= $2
 AND w.state = 'offered' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = w.order_id AND o.deal_id = w.deal_id
 AND o.option_id = w.option_id AND o.account_id = w.account_id AND o.quantity = 1)`}},
		})},
	}
}

// roomCalls asks whether exactly those up to the last call were called, and nobody stands beyond the last number (90).
func roomCalls() func(context.Context, *Walk) error {
	return walkTable(table{limit: 20,
		keys: `SELECT deal_id FROM room WHERE deal_id > $1 ORDER BY deal_id LIMIT $2`,
		rules: []rule{
			{90, "room_calls", `SELECT p.id, coalesce(p.number, 0), m.called FROM room m JOIN room_place p
 ON p.deal_id = m.deal_id WHERE m.deal_id > $1 AND m.deal_id <= $2 AND m.state <> 'drawing'
 AND (p.called_at IS NULL) = (p.number IS NOT NULL AND p.number <= m.called)`},
			{90, "room_last", `SELECT p.id, p.number, m.last_place FROM room m JOIN room_place p ON p.deal_id = m.deal_id
 WHERE m.deal_id > $1 AND m.deal_id <= $2 AND p.number > m.last_place`},
		}})
}

// walkRooms: places are called in order (90), and a draw follows from what is public of it (91).
func walkRooms(ctx context.Context, w *Walk) error {
	if err := roomCalls()(ctx, w); err != nil {
		return err
	}
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		ids, err := db.All(ctx, r, db.Scalar[market.DealID], `SELECT deal_id FROM room WHERE deal_id > $1 AND seed <> ''
 AND state <> 'drawing' ORDER BY deal_id LIMIT 1`, after)
		if err != nil || len(ids) == 0 {
			return "", 0, err
		}
		rows, err := w.redraw(ctx, r, ids[0])
		return string(ids[0]), rows, err
	})
}

func (w *Walk) redraw(ctx context.Context, r *db.ReadTx, id market.DealID) (int, error) {
	m, err := room.Find(ctx, r, id)
	if err != nil {
		return 0, err
	}
	marks, err := room.DrawnMarks(ctx, r, id)
	if err != nil {
		return 0, err
	}
	if fault := m.CheckDraw(marks); fault != "" {
		w.Found(91, "draw_"+fault, string(id))
	}
	return len(marks), nil
}
