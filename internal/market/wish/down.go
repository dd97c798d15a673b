package wish

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// Refusals around wishes that the operator took down.
var (
	// ErrDown is a wish that was taken down: nobody reads it any more.
	ErrDown = fail.New(fail.Gone, "wish.down")
	// ErrDownAlready refuses to take a wish down twice.
	ErrDownAlready = fail.New(fail.Conflict, "wish.down_already")
	// ErrGround asks for one of the legal grounds.
	ErrGround = fail.New(fail.Invalid, "wish.ground").On("ground")
	// ErrDownWords wants a public reason of Min to Max letters.
	ErrDownWords = fail.New(fail.Invalid, "wish.down_words").On("words")
)

// Ground is the legal ground on which the operator takes a wish down.
type Ground string

// The grounds.
const (
	GroundPerson  Ground = "person"  // privacy or defamation (정보통신망법 44조의2)
	GroundRights  Ground = "rights"  // somebody's copyright or mark (저작권법 103조, 상표법)
	GroundGoods   Ground = "goods"   // goods that may not be sold so (약사법, 총포화약법, 청소년보호법, …)
	GroundUnlaw   Ground = "unlaw"   // unlawful content (정보통신망법 44조의7)
	GroundFraud   Ground = "fraud"   // it deceives the people who join (전자상거래법 21조, 형법 347조)
	GroundOrdered Ground = "ordered" // a court or an authority has ordered it
)

// Grounds lists them in the order in which they are offered.
func Grounds() []Ground {
	return []Ground{GroundPerson, GroundRights, GroundGoods, GroundUnlaw, GroundFraud, GroundOrdered}
}

// NameKey is the catalogue key of a ground's name.
func (g Ground) NameKey() string { return "wish.ground." + string(g) }

// Down is how a wish was taken down; the zero value is one that was not.
type Down struct {
	At     time.Time
	Ground Ground
	Words  string // why, for everybody
	Key    string // of the act
}

const (
	downMin = 10
	downMax = 500
)

// Parse cleans it and refuses an act without a ground or without readable words: every fault at once.
func (d Down) Parse() (Down, error) {
	var faults fail.List
	d.Words = strings.TrimSpace(d.Words)
	if !slices.Contains(Grounds(), d.Ground) {
		faults = append(faults, ErrGround)
	}
	if !within(d.Words, downMin, downMax) {
		faults = append(faults, ErrDownWords.With("Min", downMin, "Max", downMax))
	}
	return d, faults.Err()
}

// TakenDown reports a wish that the operator took down.
func (w Wish) TakenDown() bool { return !w.Down.At.IsZero() }

// Readable answers ErrDown for a wish that was taken down.
func (w Wish) Readable() error {
	if w.TakenDown() {
		return ErrDown.With("Ground", string(w.Down.Ground), "Words", w.Down.Words)
	}
	return nil
}

// unsaid stands where the name of a wish was that was taken down.
const unsaid = "–"

// withheld is a wish as everybody may read it: nothing that it said, once it was taken down.
func (w Wish) withheld() Wish {
	if w.TakenDown() {
		w.Name, w.Details, w.Photo, w.Link = unsaid, "", "", ""
	}
	return w
}

// TakeDown takes a wish, as it was read, out of everybody's sight, and gives it as it is then: closed, where its state
// lets the operator close it. It answers false when it is no longer as it was read.
func TakeDown(ctx context.Context, tx *db.Tx, w Wish, d Down) (Wish, bool, error) {
	is := w
	is.Down, is.Version = d, w.Version+1
	is.Down.At = tx.Now()
	if to, err := Next(w.State, ActTakeDown, ByOperator); err == nil {
		is.State, is.EndedAt, is.Outcome = to, tx.Now(), OutcomeTakenDown
	}
	n, err := db.Exec(ctx, tx, `UPDATE wish SET down_at = $3, down_ground = $4, down_words = $5, down_key = $6, state = $7,
 ended_at = $8, outcome = $9, version = version + 1 WHERE id = $1 AND version = $2 AND down_at IS NULL`, string(w.ID),
		w.Version, db.Micros(is.Down.At), string(d.Ground), d.Words, d.Key, string(is.State), db.TimeArg(is.EndedAt),
		is.Outcome)
	return is, n == 1, err
}

// Said is what a wish said before it was taken down: for its author, and for the operator.
type Said struct{ Name, Details, Photo, Link string }

// SaidOf reads what wishes said, taken down or not.
func SaidOf(ctx context.Context, q db.Querier, ids []market.WishID) (map[market.WishID]Said, error) {
	type row struct {
		id market.WishID
		Said
	}
	rows, err := db.ByIDs(ctx, q, func(r db.Row) (row, error) {
		var x row
		err := r.Scan(&x.id, &x.Name, &x.Details, &x.Photo, &x.Link)
		return x, err
	}, `SELECT id, name, details, photo, link FROM wish WHERE id IN {ids}`, ids)
	out := make(map[market.WishID]Said, len(rows))
	for _, x := range rows {
		out[x.id] = x.Said
	}
	return out, err
}

// DownAgain answers for an act on a wish that was taken down: nil for the very act that did it, asked for twice.
func (w Wish) DownAgain(key string) error {
	if w.Down.Key == key {
		return nil
	}
	return ErrDownAlready
}

// ClosedSince reports a wish that closed between two readings.
func (w Wish) ClosedSince(was Wish) bool { return w.State == Closed && was.State != Closed }
