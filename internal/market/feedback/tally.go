package feedback

import (
	"context"
	"sort"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Fold is what is known of one use. Its parts may arrive in any order and come to the same.
type Fold struct {
	RedemptionID market.RedemptionID
	MerchantID   market.MerchantID
	DealID       market.DealID
	Used         bool
	Undone       bool
	Satisfaction int64 // 0 before the answer
	WouldReturn  int64 // 1 for yes
	Treated      int64 // 1 when the guest said anything about the treatment
	TreatedSame  int64
}

// Hear takes an answer in.
func (f *Fold) Hear(satisfaction int64, back, same YesNo) {
	f.Satisfaction = satisfaction
	f.WouldReturn, f.Treated, f.TreatedSame = one(back == Yes), one(same != Unsaid), one(same == Yes)
}

// Counts is what the use adds to each of its subjects: nothing once it was undone.
func (f *Fold) Counts() Tally {
	if !f.Used || f.Undone {
		return Tally{}
	}
	return Tally{Asked: 1, Visits: 1, Answered: one(f.Satisfaction > 0), Sum: f.Satisfaction, WouldReturn: f.WouldReturn,
		Treated: f.Treated, TreatedSame: f.TreatedSame}
}

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// Tally is the sums of one subject, or what is added to them.
type Tally struct {
	Asked        int64
	Answered     int64
	Sum          int64 // of satisfactions
	WouldReturn  int64
	Treated      int64
	TreatedSame  int64
	ShopAnswered int64
	ShopSum      int64
	Visits       int64
}

// Plus adds two tallies; a weight of −1 takes the second away.
func (t Tally) Plus(o Tally, weight int64) Tally {
	return Tally{t.Asked + weight*o.Asked, t.Answered + weight*o.Answered, t.Sum + weight*o.Sum,
		t.WouldReturn + weight*o.WouldReturn, t.Treated + weight*o.Treated, t.TreatedSame + weight*o.TreatedSame,
		t.ShopAnswered + weight*o.ShopAnswered, t.ShopSum + weight*o.ShopSum, t.Visits + weight*o.Visits}
}

const foldColumns = `redemption_id, merchant_id, deal_id, used, undone, satisfaction, would_return, treated,
 treated_same`

func scanFold(r db.Row) (Fold, error) {
	var f Fold
	err := r.Scan(&f.RedemptionID, &f.MerchantID, &f.DealID, &f.Used, &f.Undone, &f.Satisfaction, &f.WouldReturn,
		&f.Treated, &f.TreatedSame)
	return f, err
}

// LoadFolds reads what is known of uses.
func LoadFolds(
	ctx context.Context, q db.Querier, ids []market.RedemptionID,
) (map[market.RedemptionID]*Fold, error) {
	rows, err := db.ByIDs(ctx, q, scanFold, `SELECT `+foldColumns+` FROM feedback_fold WHERE redemption_id IN {ids}`, ids)
	out := make(map[market.RedemptionID]*Fold, len(rows))
	for i := range rows {
		out[rows[i].RedemptionID] = &rows[i]
	}
	return out, err
}

var saveFold = db.Insert{
	Table: "feedback_fold",
	Columns: []string{"redemption_id", "merchant_id", "deal_id", "used", "undone", "satisfaction", "would_return",
		"treated", "treated_same"},
	OnConflict: `ON CONFLICT (redemption_id) DO UPDATE SET used = excluded.used, undone = excluded.undone,
 satisfaction = excluded.satisfaction, would_return = excluded.would_return, treated = excluded.treated,
 treated_same = excluded.treated_same`,
}

// SaveFolds writes what is known of uses.
func SaveFolds(ctx context.Context, tx *db.Tx, folds map[market.RedemptionID]*Fold) error {
	rows := make([][]any, 0, len(folds))
	for _, f := range folds {
		rows = append(rows, []any{string(f.RedemptionID), string(f.MerchantID), string(f.DealID), f.Used, f.Undone,
			f.Satisfaction, f.WouldReturn, f.Treated, f.TreatedSame})
	}
	sortRows(rows)
	_, err := db.InsertMany(ctx, tx, saveFold, rows)
	return err
}

var addTally = db.Insert{
	Table: "feedback_tally",
	Columns: []string{"subject", "buyers_asked", "buyers_answered", "buyers_sum", "would_return", "treated",
		"treated_same", "merchants_answered", "merchants_sum", "visits"},
	OnConflict: `ON CONFLICT (subject) DO UPDATE SET
 buyers_asked = feedback_tally.buyers_asked + excluded.buyers_asked,
 buyers_answered = feedback_tally.buyers_answered + excluded.buyers_answered,
 buyers_sum = feedback_tally.buyers_sum + excluded.buyers_sum,
 would_return = feedback_tally.would_return + excluded.would_return,
 treated = feedback_tally.treated + excluded.treated,
 treated_same = feedback_tally.treated_same + excluded.treated_same,
 merchants_answered = feedback_tally.merchants_answered + excluded.merchants_answered,
 merchants_sum = feedback_tally.merchants_sum + excluded.merchants_sum,
 visits = feedback_tally.visits + excluded.visits`,
}

// AddTallies adds to the sums of subjects.
func AddTallies(ctx context.Context, tx *db.Tx, sums map[string]Tally) error {
	rows := make([][]any, 0, len(sums))
	for subject, t := range sums {
		if t == (Tally{}) {
			continue
		}
		rows = append(rows, []any{subject, t.Asked, t.Answered, t.Sum, t.WouldReturn, t.Treated, t.TreatedSame,
			t.ShopAnswered, t.ShopSum, t.Visits})
	}
	sortRows(rows)
	_, err := db.InsertMany(ctx, tx, addTally, rows)
	return err
}

func sortRows(rows [][]any) {
	sort.Slice(rows, func(i, j int) bool { return rows[i][0].(string) < rows[j][0].(string) })
}

// FindTally reads a subject's sums; one that nobody spoke of has none.
func FindTally(ctx context.Context, q db.Querier, subject string) (Tally, error) {
	t, err := db.One(ctx, q, func(r db.Row) (Tally, error) {
		var t Tally
		err := r.Scan(&t.Asked, &t.Answered, &t.Sum, &t.WouldReturn, &t.Treated, &t.TreatedSame, &t.ShopAnswered,
			&t.ShopSum, &t.Visits)
		return t, err
	}, `SELECT buyers_asked, buyers_answered, buyers_sum, would_return, treated, treated_same, merchants_answered,
 merchants_sum, visits FROM feedback_tally WHERE subject = $1`, subject)
	if db.IsNoRow(err) {
		return Tally{}, nil
	}
	return t, err
}

// Reset empties the folds, so that the feed fills them again; what people said stays.
func Reset(ctx context.Context, tx *db.Tx) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM feedback_fold`); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM feedback_tally`)
	return err
}
