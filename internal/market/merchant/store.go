package merchant

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `id, slug, business_number, name, representative, phone, email, story, category_id, more_categories,
	region_id, bank_code, bank_account, bank_holder, next_bank_code, next_bank_account, next_bank_holder, next_bank_at,
	state, return_reason, pictures, colour, submitted_at, approved_at, created_at, version`

func scan(r db.Row) (Merchant, error) {
	var m Merchant
	var more, pictures string
	b, p := &m.Business, &m.Profile
	err := r.Scan(&m.ID, &m.Slug, &b.Number, &b.Name, &b.Representative, &b.Phone, &b.Email, &p.Story, &p.CategoryID,
		&more, &m.RegionID, &m.Bank.Code, &m.Bank.Account, &m.Bank.Holder, &m.NextBank.Code, &m.NextBank.Account,
		&m.NextBank.Holder, db.Time(&m.NextBankAt), &m.State, &m.ReturnReason, &pictures, &p.Colour,
		db.Time(&m.SubmittedAt), db.Time(&m.ApprovedAt), db.Time(&m.CreatedAt), &m.Version)
	if err != nil {
		return m, err
	}
	p.Slug = m.wish()
	if err := json.Unmarshal([]byte(more), &p.More); err != nil {
		return m, fmt.Errorf("categories of %s: %w", m.ID, err)
	}
	if err := json.Unmarshal([]byte(pictures), &p.Pictures); err != nil {
		return m, fmt.Errorf("pictures of %s: %w", m.ID, err)
	}
	return m, nil
}

// wish is the address a shop asked for: until it is submitted the id stands in its place.
func (m Merchant) wish() string {
	if m.Slug == string(m.ID) {
		return ""
	}
	return m.Slug
}

func missing(err error) error {
	if db.IsNoRow(err) {
		return ErrNotFound
	}
	return err
}

// Find gives a shop, or ErrNotFound.
func Find(ctx context.Context, q db.Querier, id market.MerchantID) (Merchant, error) {
	m, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM merchant WHERE id = $1`, string(id))
	return m, missing(err)
}

// FindBySlug gives the shop of a page's address, or ErrNotFound; also one that is not public.
func FindBySlug(ctx context.Context, q db.Querier, slug string) (Merchant, error) {
	m, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM merchant WHERE slug = $1`, slug)
	return m, missing(err)
}

// ListByIDs gives shops of a set of ids, in no order.
func ListByIDs(ctx context.Context, q db.Querier, ids []market.MerchantID) ([]Merchant, error) {
	return db.ByIDs(ctx, q, scan, `SELECT `+columns+` FROM merchant WHERE id IN `+db.IDsMark, ids)
}

// Cursor is where a page of List goes on; the zero value begins.
type Cursor struct {
	At time.Time
	ID market.MerchantID
}

// PageMax is the most shops List gives at once.
const PageMax = 100

// List gives the shops in a state by when they were submitted, the longest waiting first.
func List(ctx context.Context, q db.Querier, state State, after Cursor, limit int) ([]Merchant, error) {
	from := int64(-1)
	if !after.At.IsZero() {
		from = db.Micros(after.At)
	}
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM merchant
		WHERE state = $1 AND (COALESCE(submitted_at, created_at), id) > ($2, $3)
		ORDER BY COALESCE(submitted_at, created_at), id LIMIT $4`,
		string(state), from, string(after.ID), min(max(limit, 1), PageMax))
}

// Counts tells how many shops are in each state.
func Counts(ctx context.Context, q db.Querier) (map[State]int64, error) {
	type count struct {
		state State
		n     int64
	}
	rows, err := db.All(ctx, q, func(r db.Row) (count, error) {
		var c count
		err := r.Scan(&c.state, &c.n)
		return c, err
	}, `SELECT state, count(*) FROM merchant GROUP BY state`)
	counts := make(map[State]int64, len(rows))
	for _, c := range rows {
		counts[c.state] = c.n
	}
	return counts, err
}

// Insert writes a new draft; its slug is its id until it is submitted.
func Insert(ctx context.Context, tx *db.Tx, m Merchant) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO merchant (id, slug, business_number, name, representative, phone, email,
		story, category_id, region_id, bank_code, bank_account, bank_holder, state, created_at, version)
		VALUES ($1, $2, '', $3, '', '', '', '', '', '', '', '', '', 'draft', $4, 1)`,
		string(m.ID), string(m.ID), m.Business.Name, db.Micros(m.CreatedAt))
	return err
}

// Save writes everything a shop's people may change, if nobody changed it since it was read (ErrChanged). The state,
// and what only steps change, stays.
func Save(ctx context.Context, tx *db.Tx, m Merchant) error {
	more, err := json.Marshal(orEmpty(m.Profile.More))
	if err != nil {
		return err
	}
	pictures, err := json.Marshal(orEmpty[photo.Ref](m.Profile.Pictures))
	if err != nil {
		return err
	}
	b, p := m.Business, m.Profile
	n, err := db.Exec(ctx, tx, `UPDATE merchant SET slug = $1, business_number = $2, name = $3, representative = $4,
		phone = $5, email = $6, story = $7, category_id = $8, more_categories = $9, region_id = $10, bank_code = $11,
		bank_account = $12, bank_holder = $13, next_bank_code = $14, next_bank_account = $15, next_bank_holder = $16,
		next_bank_at = $17, pictures = $18, colour = $19, version = version + 1 WHERE id = $20 AND version = $21`,
		m.Slug, b.Number, b.Name, b.Representative, b.Phone, b.Email, p.Story, string(p.CategoryID), string(more),
		string(m.RegionID), m.Bank.Code, m.Bank.Account, m.Bank.Holder, m.NextBank.Code, m.NextBank.Account,
		m.NextBank.Holder, db.TimeArg(m.NextBankAt), string(pictures), string(p.Colour), string(m.ID), m.Version)
	switch {
	case db.IsUnique(err):
		return ErrSlugTaken.On("slug")
	case err == nil && n == 0:
		return ErrChanged
	}
	return err
}

// orEmpty keeps a list that is nil from becoming "null".
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Move takes a shop from the state it was read in to another, with the reason people are told; ErrChanged when it left
// that state meanwhile, ErrNumberTaken when another shop was submitted with its business number.
func Move(ctx context.Context, tx *db.Tx, m Merchant, to State, reason string) error {
	n, err := db.Exec(ctx, tx, `UPDATE merchant SET state = $1, return_reason = $2, slug = $3, version = version + 1,
		submitted_at = CASE WHEN $4 = 'submitted' THEN $5 ELSE submitted_at END,
		approved_at = CASE WHEN $4 = 'approved' AND approved_at IS NULL THEN $5 ELSE approved_at END
		WHERE id = $6 AND state = $7 AND version = $8`,
		string(to), reason, m.Slug, string(to), db.Micros(tx.Now()), string(m.ID), string(m.State), m.Version)
	switch {
	case db.IsUnique(err):
		return ErrNumberTaken.On("number")
	case err == nil && n == 0:
		return ErrChanged
	}
	return err
}

// RoomForDraft refuses with ErrManyDrafts when an account owns as many unsubmitted registrations as it may.
func RoomForDraft(ctx context.Context, q db.Querier, owner market.AccountID) error {
	n, err := db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM merchant m
		JOIN merchant_member p ON p.merchant_id = m.id
		WHERE p.account_id = $1 AND p.role = 'owner' AND m.state = 'draft'`, string(owner))
	if err == nil && n >= DraftsMax {
		err = ErrManyDrafts.With("Max", DraftsMax)
	}
	return err
}

// SlugTaken reports whether another shop has an address.
func SlugTaken(ctx context.Context, q db.Querier, slug string, id market.MerchantID) (bool, error) {
	n, err := db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM merchant WHERE slug = $1 AND id <> $2`,
		slug, string(id))
	return n > 0, err
}

// NumberTaken reports whether another shop was submitted with a business number.
func NumberTaken(ctx context.Context, q db.Querier, number string, id market.MerchantID) (bool, error) {
	n, err := db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM merchant
		WHERE business_number = $1 AND state <> 'draft' AND id <> $2`, number, string(id))
	return n > 0, err
}

// Settle finds the address a shop's page will have for good: the first of its Slugs that nobody has. A wish that is
// taken is refused with ErrSlugTaken.
func Settle(ctx context.Context, tx *db.Tx, m Merchant) (string, error) {
	if m.Slug != string(m.ID) && m.Slug != "" && !m.SubmittedAt.IsZero() {
		return m.Slug, nil
	}
	for _, slug := range m.Slugs() {
		taken, err := SlugTaken(ctx, tx, slug, m.ID)
		if err != nil {
			return "", err
		}
		if !taken {
			return slug, nil
		}
	}
	return "", ErrSlugTaken.On("slug")
}
