package delivertest

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/till"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Crowd is a wish whose members have paid Price for one unit each.
type Crowd struct {
	Wish    market.WishID
	Seller  market.MerchantID
	Branch  market.BranchID
	Way     escrow.Delivery
	Members []Paid
	// Charge lets a gateway know of a payment of Price and gives its key; nil for worlds without a gateway.
	Charge func(ctx context.Context, id market.PaymentID) (key string, err error)
}

// Paid is one member's order.
type Paid struct {
	OrderID   market.OrderID
	AccountID market.AccountID
}

// Begin makes the crowd, whose seller has ten days from now to send.
func (c Crowd) Begin(ctx context.Context, d *db.DB) error {
	now := d.Clock().Now()
	a := escrow.Award{BidID: "bid_" + market.BidID(c.Wish), MerchantID: c.Seller, Delivery: c.Way, UnitPrice: Price,
		CommissionBP: Rate, PolicyID: policy.At(now).ID, ShipBy: now.Add(10 * 24 * time.Hour)}
	if c.Way == escrow.AtBranch {
		a.BranchID = c.Branch
	}
	if err := d.Write(ctx, func(tx *db.Tx) error { return c.open(ctx, tx, a) }); err != nil {
		return err
	}
	for _, m := range c.Members {
		key := ""
		if c.Charge != nil {
			var err error
			if key, err = c.Charge(ctx, paymentOf(m)); err != nil {
				return err
			}
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return c.pay(ctx, tx, a, m, key) }); err != nil {
			return err
		}
	}
	return d.Write(ctx, func(tx *db.Tx) error { return escrow.Begin(ctx, tx, c.Wish) })
}

func (c Crowd) open(ctx context.Context, tx *db.Tx, a escrow.Award) error {
	err := wish.Insert(ctx, tx, wish.Wish{ID: c.Wish, Name: "무선 청소기", Threshold: 3, PolicyID: a.PolicyID,
		State: wish.Gathering, Until: tx.Now().Add(28 * 24 * time.Hour), CreatedAt: tx.Now()},
		wish.PostKey{Key: string(c.Wish), Hash: "x"})
	if err != nil {
		return err
	}
	_, err = bid.Plan(ctx, tx, bid.Auction{WishID: c.Wish, Kind: bid.InTheOpen, Quantity: 3, Step: 100})
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `UPDATE wish SET state = 'fulfilling', reached_at = $2, reached_version = 1
 WHERE id = $1`, string(c.Wish), db.Micros(tx.Now()))
	if err != nil {
		return err
	}
	if err := escrow.Open(ctx, tx, c.Wish, a, deliver.RulesAt(tx.Now())); err != nil {
		return err
	}
	return collect.Insert(ctx, tx, collect.Collect{WishID: c.Wish, BidID: a.BidID, MerchantID: a.MerchantID, Round: 1,
		State: collect.Open, Needs: 1, Most: 1, OpenedAt: tx.Now(), Until: tx.Now().Add(time.Hour), Version: 1})
}

func paymentOf(m Paid) market.PaymentID { return market.PaymentID("pay_" + m.OrderID) }

func (c Crowd) pay(ctx context.Context, tx *db.Tx, a escrow.Award, m Paid, key string) error {
	paid := paymentOf(m)
	_, err := db.Exec(ctx, tx, `INSERT INTO payment (id, order_id, deal_id, wish_id, account_id, gateway, payment_key,
 amount, currency, state, refundable, created_at, captured_at, version)
 VALUES ($1, $2, '', $3, $4, 'sandbox', $7, $5, 'KRW', 'captured', $5, $6, $6, 1)`, string(paid), string(m.OrderID),
		string(c.Wish), string(m.AccountID), Price, db.Micros(tx.Now()), db.TextArg(key))
	if err != nil {
		return err
	}
	agreed := collect.Order{ID: m.OrderID, WishID: c.Wish, AccountID: m.AccountID, BidID: a.BidID, Quantity: 1,
		UnitPrice: Price, CreatedAt: tx.Now(), Version: 1}
	if err := collect.InsertOrders(ctx, tx, []collect.Order{agreed}); err != nil {
		return err
	}
	if err := collect.PayOrders(ctx, tx, []collect.Order{agreed}); err != nil {
		return err
	}
	err = till.Pay(ctx, tx, c.Wish, []escrow.Payment{{OrderID: m.OrderID, AccountID: m.AccountID, Quantity: 1,
		Amount: Price}})
	if err != nil {
		return err
	}
	return ledger.Post(ctx, tx, []ledger.Entry{ledger.PaidToEscrow(ledger.Payment{About: ledger.About{OrderID: m.OrderID,
		MerchantID: c.Seller, PolicyID: a.PolicyID}, PaymentID: paid, Gateway: "sandbox", Amount: Price})})
}
