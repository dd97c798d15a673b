package escrow

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const disputeColumns = `order_id, wish_id, reason, turn, amount, offered, offer, opened_at, due_at, until_at, ended_at,
 outcome, refunded, note, decided_by, version`

func scanDispute(r db.Row) (Dispute, error) {
	var d Dispute
	err := r.Scan(&d.OrderID, &d.WishID, &d.Reason, &d.Turn, &d.Amount, &d.Offered, &d.Offer, db.Time(&d.OpenedAt),
		db.Time(&d.DueAt), db.Time(&d.Until), db.Time(&d.EndedAt), &d.Outcome, &d.Refunded, &d.Note, &d.DecidedBy, &d.Version)
	return d, err
}

// FindDispute reads the dispute about a share; it answers ErrNotFound.
func FindDispute(ctx context.Context, q db.Querier, id market.OrderID) (Dispute, error) {
	d, err := db.One(ctx, q, scanDispute, `SELECT `+disputeColumns+` FROM escrow_dispute WHERE order_id = $1`, string(id))
	if db.IsNoRow(err) {
		return d, ErrNotFound
	}
	return d, err
}

// ListDisputes lists disputes that wait for somebody, those whose time ends first before the others.
func ListDisputes(ctx context.Context, q db.Querier, turn Turn, limit int) ([]Dispute, error) {
	return db.All(ctx, q, scanDispute, `SELECT `+disputeColumns+` FROM escrow_dispute WHERE turn = $1 AND turn <> 'over'
 ORDER BY due_at, order_id LIMIT $2`, string(turn), limit)
}

// DisputesOf lists the disputes about a wish's shares by their orders.
func DisputesOf(ctx context.Context, q db.Querier, id market.WishID, limit int) ([]Dispute, error) {
	return db.All(ctx, q, scanDispute, `SELECT `+disputeColumns+` FROM escrow_dispute WHERE wish_id = $1
 ORDER BY order_id LIMIT $2`, string(id), limit)
}

// File lists the evidence in a dispute, the oldest first.
func File(ctx context.Context, q db.Querier, id market.OrderID) ([]Evidence, error) {
	return db.All(ctx, q, func(r db.Row) (Evidence, error) {
		var v Evidence
		var pictures string
		err := r.Scan(&v.ID, &v.OrderID, &v.Side, &v.AccountID, &v.Words, &pictures, db.Time(&v.At))
		v.Pictures = strings.Fields(pictures)
		return v, err
	}, `SELECT id, order_id, side, account_id, words, pictures, at FROM escrow_evidence WHERE order_id = $1 ORDER BY id`,
		string(id))
}

// Opening is a member's complaint about its share.
type Opening struct {
	OrderID   market.OrderID
	AccountID market.AccountID
	Reason    Reason
	Words     string
	Pictures  []string
}

// OpenDispute freezes a share: the flow posts its amount as disputed in the same transaction.
func OpenDispute(ctx context.Context, tx *db.Tx, r Rules, o Opening) (Dispute, error) {
	s, err := FindShare(ctx, tx, o.OrderID)
	if err != nil {
		return Dispute{}, err
	}
	if s.AccountID != o.AccountID {
		return Dispute{}, ErrNotFound
	}
	e, err := Find(ctx, tx, s.WishID)
	if err != nil {
		return Dispute{}, err
	}
	v := Evidence{OrderID: o.OrderID, Side: ByBuyer, AccountID: o.AccountID, Words: o.Words, Pictures: o.Pictures}
	if err := v.Check(); err != nil {
		return Dispute{}, err
	}
	next, d, err := e.Dispute(s, o.Reason, r, tx.Now())
	if err != nil {
		return Dispute{}, err
	}
	if err := write(ctx, tx, []move{{s, next}}); err != nil {
		return Dispute{}, err
	}
	if _, err := db.InsertMany(ctx, tx, insertDispute, [][]any{{string(d.OrderID), string(d.WishID), string(d.Reason),
		string(d.Turn), d.Amount, db.Micros(d.OpenedAt), db.Micros(d.DueAt), db.Micros(d.Until), d.Version}}); err != nil {
		return Dispute{}, fmt.Errorf("insert dispute: %w", err)
	}
	return d, addEvidence(ctx, tx, v)
}

var insertDispute = db.Insert{Table: "escrow_dispute", Columns: []string{"order_id", "wish_id", "reason", "turn",
	"amount", "opened_at", "due_at", "until_at", "version"}}

func addEvidence(ctx context.Context, tx *db.Tx, v Evidence) error {
	_, err := db.InsertMany(ctx, tx, db.Insert{Table: "escrow_evidence", Columns: []string{"id", "order_id", "side",
		"account_id", "words", "pictures", "at"}}, [][]any{{tx.NewID("evi"), string(v.OrderID), string(v.Side),
		string(v.AccountID), v.Words, strings.Join(v.Pictures, "\n"), db.Micros(tx.Now())}})
	return err
}

// Heed is what a word has done: the dispute as it is now, and the share's end if the word was the last.
type Heed struct {
	Dispute
	End *End
}

// Hear takes a word into a dispute. Sides are told apart by who they are; that an operator is one is checked by the
// flow.
func Hear(ctx context.Context, tx *db.Tx, r Rules, w Word) (Heed, error) {
	d, err := FindDispute(ctx, tx, w.OrderID)
	if err != nil {
		return Heed{}, err
	}
	b, err := gather(ctx, tx, []market.OrderID{w.OrderID})
	if err != nil {
		return Heed{}, err
	}
	s, e, known := b.find(w.OrderID)
	if !known {
		return Heed{}, ErrNotFound
	}
	if err := e.mine(s, Act{By: w.By, AccountID: w.AccountID, MerchantID: w.MerchantID}); err != nil {
		return Heed{}, err
	}
	next, err := d.Hear(w, r, tx.Now())
	if err != nil {
		return Heed{}, err
	}
	if err := keepWord(ctx, tx, w); err != nil {
		return Heed{}, err
	}
	if err := writeDisputes(ctx, tx, []argument{{d, next}}); err != nil {
		return Heed{}, err
	}
	heed := Heed{Dispute: next}
	settled := b.put(next.Settle(s, r, tx.Now()))
	if settled.State.Ended() {
		end := e.ending(settled)
		heed.End = &end
	}
	return heed, write(ctx, tx, b.moves())
}

// keepWord puts what was said into the dispute's file.
func keepWord(ctx context.Context, tx *db.Tx, w Word) error {
	if !w.speaks() {
		return nil
	}
	n, err := db.One(ctx, tx, db.Scalar[int64], `SELECT count(*) FROM escrow_evidence WHERE order_id = $1`,
		string(w.OrderID))
	if err != nil {
		return err
	}
	if n >= EvidenceMax {
		return ErrMany.With("Max", int64(EvidenceMax))
	}
	return addEvidence(ctx, tx, w.evidence())
}

// argument is a dispute before and after a step.
type argument struct{ was, is Dispute }

var moveDisputes = db.Update{
	Table: "escrow_dispute",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "was", Type: "text"}, {Name: "known", Type: "bigint"},
		{Name: "turn", Type: "text"}, {Name: "offered", Type: "boolean"}, {Name: "offer", Type: "bigint"},
		{Name: "due_at", Type: "bigint"}, {Name: "ended_at", Type: "bigint"}, {Name: "outcome", Type: "text"},
		{Name: "refunded", Type: "bigint"}, {Name: "note", Type: "text"}, {Name: "decided_by", Type: "text"},
	},
	Set: `turn = v.turn, offered = v.offered, offer = v.offer, due_at = v.due_at, ended_at = v.ended_at,
 outcome = v.outcome, refunded = v.refunded, note = v.note, decided_by = v.decided_by,
 version = escrow_dispute.version + 1`,
	Where:     `escrow_dispute.order_id = v.id AND escrow_dispute.turn = v.was AND escrow_dispute.version = v.known`,
	Returning: "escrow_dispute.order_id",
}

// writeDisputes takes the steps, each from the turn and version that it leaves.
func writeDisputes(ctx context.Context, tx *db.Tx, list []argument) error {
	slices.SortFunc(list, func(a, b argument) int { return strings.Compare(string(a.is.OrderID), string(b.is.OrderID)) })
	rows := make([][]any, len(list))
	for i, a := range list {
		d := a.is
		rows[i] = []any{string(d.OrderID), string(a.was.Turn), a.was.Version, string(d.Turn), d.Offered, d.Offer,
			db.Micros(d.DueAt), db.TimeArg(d.EndedAt), string(d.Outcome), d.Refunded, d.Note, string(d.DecidedBy)}
	}
	passed, err := db.UpdateMany(ctx, tx, moveDisputes, rows)
	if err != nil {
		return fmt.Errorf("move disputes: %w", err)
	}
	if len(passed) != len(list) {
		return ErrMoved
	}
	return nil
}

// loadDisputes reads the disputes about shares.
func loadDisputes(ctx context.Context, q db.Querier, ids []market.OrderID) (map[market.OrderID]Dispute, error) {
	all, err := db.ByIDs(ctx, q, scanDispute, `SELECT `+disputeColumns+` FROM escrow_dispute
 WHERE order_id IN `+db.IDsMark, ids)
	out := make(map[market.OrderID]Dispute, len(all))
	for _, d := range all {
		out[d.OrderID] = d
	}
	return out, err
}
