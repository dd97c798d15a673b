package notice

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Kind says why somebody is told.
type Kind string

// Kinds of notices.
const (
	DealBegins   Kind = "deal_begins"   // asked for on the deal's page
	FollowBegins Kind = "follow_begins" // follows the shop
	WaitOffer    Kind = "wait_offer"    // waited for a unit, which is held now; the subject is the order that holds it
)

// Kinds of notices about a wish; the subject is the wish with the step (WishSubject).
const (
	WishSought  Kind = "wish_sought"  // to a shop: people look for what it may have
	WishReached Kind = "wish_reached" // enough are firm, sellers compete
	WishOffered Kind = "wish_offered" // the first offer came
	WishClosing Kind = "wish_closing" // the last hours for offers
	WishLook    Kind = "wish_look"    // offers are closed: look, ask, vote
	WishAwarded Kind = "wish_awarded" // an offer has won
	WishNothing Kind = "wish_nothing" // nothing came of it
	WishAgain   Kind = "wish_again"   // its offers came to nothing, and it gathers on
	WishDown    Kind = "wish_down"    // the operator took it down; also to sellers who had bid
	WishAsked   Kind = "wish_asked"   // it joined a like wish: come over?
	WishJoined  Kind = "wish_joined"  // a like wish joined it
	WishPropose Kind = "wish_propose" // to a lead: another wish would like to join
)

// Wishes lists the kinds about a wish.
func Wishes() []Kind {
	return []Kind{WishSought, WishReached, WishOffered, WishClosing, WishLook, WishAwarded, WishNothing, WishAgain,
		WishDown, WishAsked, WishJoined, WishPropose}
}

// Part is the part of the subject's page at which the notice is answered, "" for the page itself.
func (k Kind) Part() string {
	if k == WishAsked || k == WishPropose {
		return "/merge"
	}
	return ""
}

// WishSubject is the subject of a notice of one kind about a wish: nobody is told of the same step twice.
func WishSubject(id market.WishID, kind Kind) string { return string(id) + ":" + string(kind) }

// WishRound is WishSubject for a step of one of a wish's rounds, from 1; of each round it is told once.
func WishRound(id market.WishID, kind Kind, round int64) string {
	if round <= 1 {
		return WishSubject(id, kind)
	}
	return WishSubject(id, kind) + ":" + strconv.FormatInt(round, 10)
}

// WishID is the wish that a notice is about; false for a notice about anything else.
func (n Notice) WishID() (market.WishID, bool) {
	id, rest, ok := strings.Cut(n.Subject, ":")
	step, _, _ := strings.Cut(rest, ":")
	return market.WishID(id), ok && step == string(n.Kind)
}

// shareMark begins the kinds about a share; the subject begins with its order, then "/" and what tells one from the
// next.
const shareMark = "share_"

// Share is the kind of a notice about a share.
func Share(step string) Kind { return Kind(shareMark + step) }

// ShareSubject is the subject of a notice about a share: nobody is told of the same step twice.
func ShareSubject(id market.OrderID, step, once string) string {
	return string(id) + "/" + step + "/" + once
}

// ShareID is the order of the share that a notice is about; false for a notice about anything else.
func (n Notice) ShareID() (market.OrderID, bool) {
	id, _, ok := strings.Cut(n.Subject, "/")
	return market.OrderID(id), ok && strings.HasPrefix(string(n.Kind), shareMark)
}

// Notice is one line of somebody's page.
type Notice struct {
	ID        string
	AccountID market.AccountID
	Kind      Kind
	Subject   string // id of what it tells of; nobody is told of the same twice
	Title     string
	Sender    string // the shop's name as it was
	At        time.Time
	ReadAt    time.Time // zero while unread
}

// PageMax is the most notices List gives at once.
const PageMax = 50

const prefix = "ntc"

// Tell writes notices that are not there yet; those that are stay as they were. ID, At and ReadAt are set here.
func Tell(ctx context.Context, tx *db.Tx, list []Notice) (int64, error) {
	rows := make([][]any, len(list))
	for i, n := range list {
		rows[i] = []any{tx.NewID(prefix), string(n.AccountID), string(n.Kind), n.Subject, n.Title, n.Sender,
			db.Micros(tx.Now())}
	}
	return db.InsertMany(ctx, tx, db.Insert{Table: "notice",
		Columns:    []string{"id", "account_id", "kind", "subject", "title", "sender", "at"},
		OnConflict: "ON CONFLICT (account_id, subject) DO NOTHING"}, rows)
}

// List gives somebody's notices, newest first, from just before an id; "" for the newest.
func List(ctx context.Context, q db.Querier, who market.AccountID, before string) ([]Notice, error) {
	if before == "" {
		before = prefix + "`" // after every id: the letter behind the underscore
	}
	return db.All(ctx, q, scan, `SELECT id, account_id, kind, subject, title, sender, at, read_at FROM notice
 WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, string(who), before, int64(PageMax))
}

func scan(r db.Row) (Notice, error) {
	var n Notice
	err := r.Scan(&n.ID, &n.AccountID, &n.Kind, &n.Subject, &n.Title, &n.Sender, db.Time(&n.At), db.Time(&n.ReadAt))
	return n, err
}

// Unread counts what somebody has not looked at.
func Unread(ctx context.Context, q db.Querier, who market.AccountID) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM notice WHERE account_id = $1 AND read_at IS NULL`,
		string(who))
}

// Read marks all that somebody was told until an instant as looked at.
func Read(ctx context.Context, tx *db.Tx, who market.AccountID, until time.Time) error {
	_, err := db.Exec(ctx, tx, `UPDATE notice SET read_at = $1 WHERE account_id = $2 AND read_at IS NULL AND at <= $3`,
		db.Micros(tx.Now()), string(who), db.Micros(until))
	return err
}
