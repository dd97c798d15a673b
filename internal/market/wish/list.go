package wish

import (
	"context"
	"strconv"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Sort is the order of a list of wishes.
type Sort string

// The orders. Those beside ByNew list wishes whose time runs: while they gather, or while sellers bid.
const (
	ByNew    Sort = "new"
	ByNear   Sort = "near"   // fewest firm members missing; gathering ones only
	ByEnding Sort = "ending" // soonest over; gathering ones, or those that take bids when only these are asked for
)

// Filter chooses wishes; zero values choose all.
type Filter struct {
	States     []State
	CategoryID market.CategoryID // and those below it
	Regions    []market.RegionID // of any of these, or of no region
	Sort       Sort              // "" is ByNew
	After      Cursor
	Limit      int
	Down       bool // only those that were taken down, which are in no other list
}

// Cursor is the last wish of the page above; the zero value asks for the first page.
type Cursor struct {
	Rank int64 // its place in the order, 0 for ByNew
	ID   market.WishID
}

// Text writes a cursor for an address.
func (c Cursor) Text() string {
	if c.ID == "" {
		return ""
	}
	return strconv.FormatInt(c.Rank, 36) + "." + string(c.ID)
}

// ParseCursor reads what Text wrote; anything else is the first page.
func ParseCursor(text string) Cursor {
	rank, id, ok := strings.Cut(text, ".")
	n, err := strconv.ParseInt(rank, 36, 64)
	if !ok || err != nil || id == "" {
		return Cursor{}
	}
	return Cursor{Rank: n, ID: market.WishID(id)}
}

const listMax = 100

// states are those a list shows when nobody chose: what came to nothing is found by its address only.
func (f Filter) states() []State {
	switch {
	case f.Sort == ByEnding && len(f.States) == 1 && f.States[0] == Bidding:
		return f.States
	case f.Sort == ByNear, f.Sort == ByEnding:
		return []State{Gathering}
	case len(f.States) == 0:
		return []State{Gathering, Bidding, Choosing, Paying, Fulfilling, Done}
	}
	return f.States
}

// rank is the expression by which an order goes up; "" goes by id, newest first.
func (f Filter) rank() string {
	switch {
	case f.Sort == ByNear:
		return "(threshold - firm)"
	case f.Sort == ByEnding && f.states()[0] == Bidding:
		return "reached_at"
	case f.Sort == ByEnding:
		return "until_at"
	}
	return ""
}

// List reads a page of wishes and the cursor of the next one; the zero cursor ends.
func List(ctx context.Context, q db.Querier, f Filter) ([]Wish, Cursor, error) {
	s := &selection{}
	if f.Down {
		s.where = append(s.where, "down_at IS NOT NULL")
	} else {
		s.where = append(s.where, "down_at IS NULL")
		add(s, "state IN ", f.states())
	}
	if f.CategoryID != "" {
		s.where = append(s.where, "(category_id = "+s.bind(string(f.CategoryID))+" OR category_id LIKE "+
			s.bind(string(f.CategoryID)+".%")+")")
	}
	if len(f.Regions) > 0 {
		add(s, "region_id IN ", append([]market.RegionID{""}, f.Regions...))
	}
	rank, order := f.rank(), "id DESC"
	if rank != "" {
		order = rank + ", id"
	}
	if f.After.ID != "" {
		s.where = append(s.where, s.after(rank, f.After))
	}
	limit := f.Limit
	if limit <= 0 || limit > listMax {
		limit = listMax
	}
	rows, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM wish WHERE `+strings.Join(s.where, " AND ")+
		` ORDER BY `+order+` LIMIT `+s.bind(int64(limit+1)), s.args...)
	if err != nil || len(rows) <= limit {
		return rows, Cursor{}, err
	}
	rows = rows[:limit]
	return rows, f.cursor(rows[limit-1]), nil
}

func (f Filter) cursor(last Wish) Cursor {
	c := Cursor{ID: last.ID}
	switch f.rank() {
	case "(threshold - firm)":
		c.Rank = last.Threshold - last.Firm
	case "until_at":
		c.Rank = db.Micros(last.Until)
	case "reached_at":
		c.Rank = db.Micros(last.ReachedAt)
	}
	return c
}

// selection is a condition with its arguments.
type selection struct {
	where []string
	args  []any
}

func (s *selection) bind(arg any) string {
	s.args = append(s.args, arg)
	return "$" + strconv.Itoa(len(s.args))
}

func (s *selection) after(rank string, c Cursor) string {
	if rank == "" {
		return "id < " + s.bind(string(c.ID))
	}
	at := s.bind(c.Rank)
	return "(" + rank + " > " + at + " OR " + rank + " = " + at + " AND id > " + s.bind(string(c.ID)) + ")"
}

// add puts a list of texts into a condition. Regions of a province are some hundred: far below what a statement takes.
func add[S ~string](s *selection, head string, list []S) {
	marks := make([]string, len(list))
	for i, one := range list {
		marks[i] = s.bind(string(one))
	}
	s.where = append(s.where, head+"("+strings.Join(marks, ", ")+")")
}

// Own is a wish with a person's place in it.
type Own struct {
	Wish
	Member Member
}

// OfAccount lists the wishes that a person is in, newest first; before is the last one of the page above.
func OfAccount(ctx context.Context, q db.Querier, who market.AccountID, before market.WishID, limit int) ([]Own,
	error,
) {
	members, err := db.All(ctx, q, scanMember, `SELECT `+memberColumns+` FROM wish_member WHERE account_id = $1
 AND kind <> 'away' AND ($2 = '' OR wish_id < $2) ORDER BY wish_id DESC LIMIT $3`,
		string(who), string(before), int64(limit))
	if err != nil {
		return nil, err
	}
	ids := make([]market.WishID, len(members))
	for i, m := range members {
		ids[i] = m.WishID
	}
	by, err := Load(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Own, 0, len(members))
	for _, m := range members {
		if w := by[m.WishID]; w != nil {
			out = append(out, Own{*w, m})
		}
	}
	return out, nil
}
