package doctor

import (
	"context"

	"github.com/dure-commerce/dure/internal/doctor/rows"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/room"
)

// roomQuestions are those of waiting rooms (90, 91); package rows asks after waiting lists.
func roomQuestions() []Question { return []Question{{Name: "rooms", Walk: walkRooms}} }

// walkRooms: places are called in order (90), and a draw follows from what is public of it (91).
func walkRooms(ctx context.Context, w *Walk) error {
	if err := walkTable(rows.Rooms())(ctx, w); err != nil {
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
