package category

import (
	"context"
	_ "embed" // the shipped lists
	"fmt"
	"strings"
	"unicode"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// ErrNotFound answers a code that is no category's.
var ErrNotFound = fail.New(fail.NotFound, "category.not_found")

// Other is the category of what nothing else fits.
const Other market.CategoryID = "work.other"

// Category is one kind.
type Category struct {
	ID       market.CategoryID
	ParentID market.CategoryID // "" on the first level
	Name     string
	NameEN   string
	Icon     string // name of a symbol in the icon set
	Rank     int64  // place among all, parents before their children
}

// Label gives the name in a language; anything but English reads Korean.
func (c Category) Label(locale string) string {
	if locale == "en" && c.NameEN != "" {
		return c.NameEN
	}
	return c.Name
}

//go:embed data/categories.tsv
var categoriesText string

//go:embed data/industries.tsv
var industriesText string

// Shipped gives the tree an instance starts with, parents before their children.
func Shipped() ([]Category, error) {
	var out []Category
	known := map[market.CategoryID]bool{"": true}
	err := lines(categoriesText, 5, func(f []string) error {
		c := Category{ID: market.CategoryID(f[0]), ParentID: market.CategoryID(f[1]), Name: f[2], NameEN: f[3], Icon: f[4],
			Rank: int64(len(out) + 1)}
		if !known[c.ParentID] {
			return fmt.Errorf("%s before its parent", c.ID)
		}
		known[c.ID] = true
		out = append(out, c)
		return nil
	})
	return out, err
}

func lines(text string, columns int, each func(fields []string) error) error {
	for i, row := range strings.Split(strings.TrimSuffix(text, "\n"), "\n")[1:] {
		fields := strings.Split(row, "\t")
		if len(fields) != columns {
			return fmt.Errorf("line %d: %d columns", i+2, len(fields))
		}
		if err := each(fields); err != nil {
			return fmt.Errorf("line %d: %w", i+2, err)
		}
	}
	return nil
}

// Industry is what a register says of a shop's trade: codes and names of the large, middle and small class.
type Industry struct {
	LargeCode, Large, MiddleCode, Middle, SmallCode, Small string
}

// Industries translates trades of the register. It is made once and never changes.
type Industries struct {
	byCode, bySmall, byMiddle, byLarge map[string]market.CategoryID
}

// LoadIndustries reads the shipped table.
func LoadIndustries() (*Industries, error) {
	t := &Industries{byCode: map[string]market.CategoryID{}, bySmall: map[string]market.CategoryID{},
		byMiddle: map[string]market.CategoryID{}, byLarge: map[string]market.CategoryID{}}
	tables := map[string]map[string]market.CategoryID{"code": t.byCode, "small": t.bySmall, "mid": t.byMiddle,
		"large": t.byLarge}
	list, err := Shipped()
	if err != nil {
		return nil, err
	}
	known := map[market.CategoryID]bool{}
	for _, c := range list {
		known[c.ID] = true
	}
	err = lines(industriesText, 3, func(f []string) error {
		table, found := tables[f[0]]
		if !found || !known[market.CategoryID(f[2])] {
			return fmt.Errorf("unknown kind %q or category %q", f[0], f[2])
		}
		if _, twice := table[fold(f[1])]; twice {
			return fmt.Errorf("%q twice", f[1])
		}
		table[fold(f[1])] = market.CategoryID(f[2])
		return nil
	})
	return t, err
}

// fold leaves letters and digits: editions of the register differ in blanks and separators.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, name)
}

// Of gives the category of a trade, from the smallest class that the table knows; Other when it knows none.
func (t *Industries) Of(i Industry) market.CategoryID {
	for _, try := range []struct {
		table map[string]market.CategoryID
		key   string
	}{
		{t.bySmall, i.Small}, {t.byCode, i.SmallCode}, {t.byMiddle, i.Middle}, {t.byCode, i.MiddleCode},
		{t.byLarge, i.Large}, {t.byCode, i.LargeCode},
	} {
		if try.key == "" {
			continue
		}
		if id, found := try.table[fold(try.key)]; found {
			return id
		}
	}
	return Other
}

const columns = `id, parent_id, name, name_en, icon, rank`

func scan(row db.Row) (Category, error) {
	var c Category
	err := row.Scan(&c.ID, db.Text(&c.ParentID), &c.Name, &c.NameEN, &c.Icon, &c.Rank)
	return c, err
}

// List gives the whole tree, parents before their children.
func List(ctx context.Context, q db.Querier) ([]Category, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM category ORDER BY rank, id`)
}

// Find gives one category, or ErrNotFound.
func Find(ctx context.Context, q db.Querier, id market.CategoryID) (Category, error) {
	c, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM category WHERE id = $1`, id)
	if db.IsNoRow(err) {
		return c, ErrNotFound
	}
	return c, err
}

// Differing gives what of the shipped tree the database lacks or has otherwise.
func Differing(stored []Category) ([]Category, error) {
	shipped, err := Shipped()
	if err != nil {
		return nil, err
	}
	known := map[market.CategoryID]Category{}
	for _, c := range stored {
		known[c.ID] = c
	}
	var out []Category
	for _, c := range shipped {
		if known[c.ID] != c {
			out = append(out, c)
		}
	}
	return out, nil
}

var put = db.Insert{
	Table:   "category",
	Columns: []string{"id", "parent_id", "name", "name_en", "icon", "rank"},
	OnConflict: `ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id, name = excluded.name,
		name_en = excluded.name_en, icon = excluded.icon, rank = excluded.rank`,
}

// Put writes categories, parents before their children.
func Put(ctx context.Context, tx *db.Tx, list []Category) error {
	rows := make([][]any, 0, len(list))
	for _, c := range list {
		rows = append(rows, []any{c.ID, db.TextArg(c.ParentID), c.Name, c.NameEN, c.Icon, c.Rank})
	}
	_, err := db.InsertMany(ctx, tx, put, rows)
	return err
}
