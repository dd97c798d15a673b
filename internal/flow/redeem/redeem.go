package redeem

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// Deps are what the journey works with.
type Deps struct {
	DB    *db.DB
	Lanes *lane.Lane
	Keys  voucher.Keys
	// Day gives the local day of an instant, as statements count it.
	Day func(instant int64) string
}

// Redeem runs the journey.
type Redeem struct {
	Deps
	step *lane.Step[Cmd, Redeemed]
}

// New registers the step with the lanes.
func New(deps Deps) *Redeem {
	r := &Redeem{Deps: deps}
	r.step = lane.Register(deps.Lanes, "redeem", r.Batch)
	return r
}

// Cmd uses units of a voucher, named by what was scanned or typed.
type Cmd struct {
	Actor      market.Actor
	MerchantID market.MerchantID
	BranchID   market.BranchID
	Text       string
	Units      int64
	Nonce      string
	scanned    voucher.Scanned // what Text was read as, before any look into the database
}

// Redeemed is an accepted use.
type Redeemed struct {
	Redemption voucher.Redemption
	Voucher    voucher.Voucher
	// Again tells that this very scan was accepted before.
	Again bool
}

const (
	nonceMin = 8
	nonceMax = 80
)

func (c Cmd) hash() string {
	s := c.scanned
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s\x00%d", s.Face, s.Code, c.MerchantID, c.BranchID, c.Units))
	return hex.EncodeToString(sum[:12])
}

func (c Cmd) nonce() voucher.Nonce { return voucher.Nonce{StaffID: c.Actor.AccountID, Nonce: c.Nonce} }

// ErrNonce refuses a scan without a usable nonce.
var ErrNonce = voucher.ErrNonce

// Do uses a voucher.
func (r *Redeem) Do(ctx context.Context, cmd Cmd) (Redeemed, error) {
	cmd, err := r.prepare(cmd)
	if err != nil {
		return Redeemed{}, err
	}
	// A shop's uses meet in one combiner: they move the same accounts, and apart they would wait for each other.
	return r.step.Do(ctx, string(cmd.MerchantID), cmd)
}

// prepare refuses what needs no look into the database, and reads what was scanned.
func (r *Redeem) prepare(cmd Cmd) (Cmd, error) {
	err := right.Check(cmd.Actor, right.RedemptionMake, right.At(cmd.MerchantID, cmd.BranchID))
	if err != nil {
		return cmd, err
	}
	if len(cmd.Nonce) < nonceMin || len(cmd.Nonce) > nonceMax {
		return cmd, ErrNonce
	}
	cmd.scanned, err = r.Keys.Read(cmd.Text, r.DB.Clock().Now())
	return cmd, err
}

// Look is what the counter sees before it decides.
type Look struct {
	Voucher voucher.Voucher
	Terms   deal.Terms
	Option  deal.Option
	// Refusal is why the voucher cannot be used now, nil when it can.
	Refusal error
	// Last is the last accepted use, for "already used, when and where".
	Last *voucher.Redemption
	// Guest is the holder's masked name.
	Guest string
	// Visits are the days on which the holder used something here before.
	Visits int64
}

// CheckCmd asks what a scanned or typed text is.
type CheckCmd struct {
	MerchantID market.MerchantID
	BranchID   market.BranchID
	Text       string
	Units      int64
}

// Check shows what a voucher is good for; it changes nothing. A voucher of another merchant shows nothing of itself.
func (r *Redeem) Check(ctx context.Context, actor market.Actor, cmd CheckCmd) (Look, error) {
	if err := right.Check(actor, right.VoucherLookUp, right.At(cmd.MerchantID, cmd.BranchID)); err != nil {
		return Look{}, err
	}
	scanned, err := r.Keys.Read(cmd.Text, r.DB.Clock().Now())
	if err != nil {
		return Look{}, err
	}
	v, err := voucher.FindScanned(ctx, r.DB, r.Keys, scanned, cmd.MerchantID)
	if err != nil {
		return Look{}, err
	}
	if v.MerchantID != cmd.MerchantID {
		return Look{}, voucher.ErrWrongMerchant
	}
	return r.look(ctx, v, cmd)
}

func (r *Redeem) look(ctx context.Context, v voucher.Voucher, cmd CheckCmd) (Look, error) {
	out := Look{Voucher: v}
	var err error
	if out.Terms, err = deal.FindTerms(ctx, r.DB, v.DealID, v.TermsVersion); err != nil {
		return out, err
	}
	if out.Option, err = deal.FindOption(ctx, r.DB, v.OptionID); err != nil {
		return out, err
	}
	tipped, err := deal.HasTipped(ctx, r.DB, v.DealID)
	if err != nil {
		return out, err
	}
	uses, err := voucher.RedemptionsOf(ctx, r.DB, v.ID)
	if err != nil {
		return out, err
	}
	out.Last = voucher.LastAccepted(uses)
	out.Refusal = v.MayUse(voucher.Scan{MerchantID: cmd.MerchantID, BranchID: cmd.BranchID, Units: max(1, cmd.Units),
		Now: r.DB.Clock().Now(), Tipped: tipped})
	out.Refusal = voucher.WithUse(out.Refusal, out.Last)
	return out, r.greet(ctx, &out)
}

// batch is the memory of one batch of scans.
type batch struct {
	tx       *db.Tx
	r        *Redeem
	earlier  map[voucher.Nonce]voucher.Redemption
	vouchers map[string]*voucher.Voucher // by hash of face or code
	tipped   map[market.DealID]bool
	policies map[market.OrderID]string // under which each voucher was bought
	last     map[market.VoucherID]*voucher.Redemption
	totals   map[market.VoucherID]int64 // uses that each voucher has

	activate []voucher.Voucher
	uses     []voucher.Use
	made     []voucher.Redemption
	entries  []ledger.Entry
}

// Batch decides scans in arrival order and claims them together.
func (r *Redeem) Batch(ctx context.Context, tx *db.Tx, cmds []Cmd) ([]lane.Answer[Redeemed], error) {
	b, err := r.load(ctx, tx, cmds)
	if err != nil {
		return nil, err
	}
	answers := make([]lane.Answer[Redeemed], len(cmds))
	for i, cmd := range cmds {
		answers[i].Value, answers[i].Err = b.decide(cmd)
	}
	passed, err := voucher.Activate(ctx, tx, b.activate)
	if err != nil {
		return nil, err
	}
	if len(passed) != len(b.activate) {
		return nil, lane.ErrAgain
	}
	for _, round := range voucher.Rounds(b.uses) {
		if ok, err := voucher.Claim(ctx, tx, round); err != nil {
			return nil, err
		} else if !ok {
			return nil, lane.ErrAgain
		}
	}
	if err := voucher.InsertRedemptions(ctx, tx, b.made); err != nil {
		return nil, err
	}
	b.tell()
	tx.Late(func(ctx context.Context) error { return ledger.Post(ctx, tx, b.entries) })
	return answers, nil
}

func (r *Redeem) load(ctx context.Context, tx *db.Tx, cmds []Cmd) (*batch, error) {
	b := &batch{tx: tx, r: r, last: map[market.VoucherID]*voucher.Redemption{},
		totals: make(map[market.VoucherID]int64, len(cmds))}
	nonces := make([]voucher.Nonce, len(cmds))
	hashes := make([]string, 0, len(cmds))
	for i, cmd := range cmds {
		nonces[i] = cmd.nonce()
		hashes = append(hashes, r.Keys.Hash(cmd.scanned))
	}
	var err error
	if b.earlier, err = voucher.ByNonces(ctx, tx, nonces); err != nil {
		return nil, err
	}
	if b.vouchers, err = voucher.LoadScanned(ctx, tx, hashes); err != nil {
		return nil, err
	}
	var deals []market.DealID
	var touched []market.VoucherID
	orders := make([]market.OrderID, 0, len(b.vouchers))
	seen := map[market.DealID]bool{}
	for _, v := range b.vouchers {
		orders = append(orders, v.OrderID)
		if v.UnitsUsed > 0 {
			touched = append(touched, v.ID)
		}
		if v.AwaitsActivation(true) && !seen[v.DealID] {
			seen[v.DealID] = true
			deals = append(deals, v.DealID)
		}
	}
	if b.tipped, err = deal.Tipped(ctx, tx, deals); err != nil {
		return nil, err
	}
	if b.policies, err = order.PoliciesOf(ctx, tx, orders); err != nil {
		return nil, err
	}
	return b, b.loadLast(ctx, touched)
}

func (b *batch) loadLast(ctx context.Context, ids []market.VoucherID) error {
	list, err := voucher.AcceptedOf(ctx, b.tx, ids)
	if err != nil {
		return err
	}
	for i := range list {
		b.last[list[i].VoucherID] = &list[i]
	}
	return nil
}

// decide answers one scan in memory.
func (b *batch) decide(cmd Cmd) (Redeemed, error) {
	s := cmd.scanned
	if before, ok := b.earlier[cmd.nonce()]; ok {
		if before.NonceHash != cmd.hash() {
			return Redeemed{}, voucher.ErrNonceReused
		}
		v := b.vouchers[b.r.Keys.Hash(s)]
		if v == nil {
			return Redeemed{}, voucher.ErrUnknown
		}
		return Redeemed{Redemption: before, Voucher: *v, Again: true}, nil
	}
	v, ok := b.vouchers[b.r.Keys.Hash(s)]
	if !ok || s.Face == "" && v.MerchantID != cmd.MerchantID {
		return Redeemed{}, voucher.ErrUnknown
	}
	now := b.tx.Now()
	if err := v.MayUse(voucher.Scan{MerchantID: cmd.MerchantID, BranchID: cmd.BranchID, Units: cmd.Units, Now: now,
		Tipped: b.tipped[v.DealID]}); err != nil {
		return Redeemed{}, voucher.WithUse(err, b.last[v.ID])
	}
	b.touch(v)
	x := b.use(v, cmd)
	b.earlier[cmd.nonce()] = x
	return Redeemed{Redemption: x, Voucher: *v}, nil
}

// touch activates a voucher of a tipped deal that no chunk has reached yet.
func (b *batch) touch(v *voucher.Voucher) {
	if !v.AwaitsActivation(b.tipped[v.DealID]) {
		return
	}
	b.activate = append(b.activate, *v)
	b.entries = append(b.entries, ledger.Tipped(ledger.Tip{About: b.about(v), Price: v.Price}))
	v.State, v.ActiveAt = voucher.Active, b.tx.Now()
	v.ValidUntil = voucher.ValidUntil(v.ActiveAt, v.ValidDays)
}

func (b *batch) about(v *voucher.Voucher) ledger.About {
	return ledger.About{DealID: v.DealID, OrderID: v.OrderID, VoucherID: v.ID, MerchantID: v.MerchantID,
		PolicyID: b.policies[v.OrderID]}
}

func (b *batch) use(v *voucher.Voucher, cmd Cmd) voucher.Redemption {
	parts := v.PartsOf(v.UnitsUsed, cmd.Units)
	x := voucher.Redemption{
		ID: market.RedemptionID(b.tx.NewID(market.PrefixRedemption)), VoucherID: v.ID, OrderID: v.OrderID,
		DealID: v.DealID, MerchantID: v.MerchantID, BranchID: cmd.BranchID, AccountID: v.AccountID,
		StaffID: cmd.Actor.AccountID, Nonce: cmd.Nonce, NonceHash: cmd.hash(), Units: cmd.Units,
		FirstUse: v.UnitsUsed + 1, Price: parts.Price, Commission: parts.Commission,
		CommissionVAT: parts.CommissionVAT, Net: parts.Net, State: voucher.Accepted, At: b.tx.Now(),
		Day: b.r.Day(db.Micros(b.tx.Now())), Version: 1,
	}
	b.uses = append(b.uses, voucher.Use{ID: v.ID, UsedBefore: v.UnitsUsed, Units: cmd.Units})
	b.made = append(b.made, x)
	b.entries = append(b.entries, ledger.Redeemed(ledger.Use{About: b.about(v), RedemptionID: x.ID,
		Earning: ledger.Earning{Price: x.Price, Commission: x.Commission, VAT: x.CommissionVAT}}))
	v.Spend(cmd.Units)
	b.last[v.ID], b.totals[v.ID] = &x, v.UnitsTotal
	return x
}

func (b *batch) tell() {
	version := db.Micros(b.tx.Now())
	for _, x := range b.made {
		b.tx.Emit(event.Of(event.VoucherRedeemed{RedemptionID: x.ID, VoucherID: x.VoucherID, OrderID: x.OrderID,
			DealID: x.DealID, MerchantID: x.MerchantID, BranchID: x.BranchID, AccountID: x.AccountID, Units: x.Units,
			Price: x.Price, Commission: x.Commission, VAT: x.CommissionVAT, Net: x.Net, First: x.FirstUse,
			Total: b.totals[x.VoucherID]}, version))
		moved(b.tx, x)
	}
}

func moved(tx *db.Tx, x voucher.Redemption) {
	version := db.Micros(tx.Now())
	for _, topic := range []string{"voucher:" + string(x.VoucherID), "order:" + string(x.OrderID),
		"merchant:" + string(x.MerchantID), "account:" + string(x.AccountID), "console"} {
		tx.Touch(topic, version)
	}
}
