package linkcard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

// Card is what an address said of itself.
type Card struct {
	ID          string // a hash of the address
	URL         string
	Title       string
	Description string
	Site        string
	Photo       string // a reference of the picture store, "" for none
	Refused     string // the code of why it said nothing, "" when it spoke
	At          time.Time
}

// ErrLink wants an address of the web.
var ErrLink = fail.New(fail.Invalid, "fetch.address").On("link")

// How long a card is believed, and how long nobody asks again after a refusal.
const (
	lives        = 7 * 24 * time.Hour
	refusedLives = 10 * time.Minute
	urlMax       = 500
)

// Fresh reports a card that is still believed.
func (c Card) Fresh(now time.Time) bool {
	life := lives
	if c.Refused != "" {
		life = refusedLives
	}
	return now.Before(c.At.Add(life))
}

// Begin reads an address as people paste it. What differs only behind # is the same page.
func Begin(text string) (Card, error) {
	text = strings.TrimSpace(text)
	u, err := url.Parse(text)
	if err != nil || len(text) > urlMax || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" ||
		u.User != nil {
		return Card{}, ErrLink
	}
	u.Fragment, u.RawFragment, u.Host = "", "", strings.ToLower(u.Host)
	sum := sha256.Sum256([]byte(u.String()))
	return Card{ID: hex.EncodeToString(sum[:16]), URL: u.String()}, nil
}

// Find reads a card; false for an address nobody asked yet.
func Find(ctx context.Context, q db.Querier, id string) (Card, bool, error) {
	c, err := db.One(ctx, q, func(r db.Row) (Card, error) {
		var c Card
		err := r.Scan(&c.ID, &c.URL, &c.Title, &c.Description, &c.Site, &c.Photo, &c.Refused, db.Time(&c.At))
		return c, err
	}, `SELECT id, url, title, description, site, photo, refused, at FROM link_card WHERE id = $1`, id)
	if db.IsNoRow(err) {
		return c, false, nil
	}
	return c, err == nil, err
}

// Put writes a card in place of what was known before.
func Put(ctx context.Context, tx *db.Tx, c Card) (Card, error) {
	c.At = db.FromMicros(db.Micros(tx.Now()))
	_, err := db.InsertMany(ctx, tx, db.Insert{Table: "link_card",
		Columns: []string{"id", "url", "title", "description", "site", "photo", "refused", "at"},
		OnConflict: `ON CONFLICT (id) DO UPDATE SET title = excluded.title, description = excluded.description,
 site = excluded.site, photo = excluded.photo, refused = excluded.refused, at = excluded.at`},
		[][]any{{c.ID, c.URL, c.Title, c.Description, c.Site, c.Photo, c.Refused, db.Micros(c.At)}})
	return c, err
}

// AnyDead tells whether a card is past its time: it is asked before the writer is taken.
func AnyDead(ctx context.Context, q db.Querier, now time.Time) (bool, error) {
	n, err := db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM (SELECT id FROM link_card WHERE at < $1 LIMIT 1) d`,
		db.Micros(now.Add(-lives)))
	return n > 0, err
}

// Forget deletes up to limit cards that are past their time.
func Forget(ctx context.Context, tx *db.Tx, limit int) (int64, error) {
	return db.Exec(ctx, tx, `DELETE FROM link_card WHERE id IN (SELECT id FROM link_card WHERE at < $1 ORDER BY at
 LIMIT $2)`, db.Micros(tx.Now().Add(-lives)), int64(limit))
}
