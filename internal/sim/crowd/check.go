package crowd

import (
	"github.com/dure-commerce/dure/internal/kit/db"
)

// Assertion is a statement whose every row is a breach.
type Assertion struct{ What, Text string }

// Always holds after every step.
func Always() []Assertion {
	return []Assertion{
		{"a wish counts its members", `SELECT w.id FROM wish w WHERE w.firm <> (SELECT count(*) FROM wish_member m
 WHERE m.wish_id = w.id AND m.kind = 'firm') OR w.watching <> (SELECT count(*) FROM wish_member m
 WHERE m.wish_id = w.id AND m.kind = 'watching')`},
		{"a wish reaches its point once a round", `SELECT w.id FROM wish w WHERE (SELECT count(*) FROM kit_event e
 WHERE e.aggregate = w.id AND e.kind = 'wish.reached') <> w.round - CASE WHEN w.reached_at IS NULL THEN 1 ELSE 0 END`},
		{"a round that ended is written down once", `SELECT w.id FROM wish w WHERE (SELECT count(*) FROM wish_round r
 WHERE r.wish_id = w.id) <> w.round - 1 OR (SELECT count(*) FROM kit_event e WHERE e.aggregate = w.id
 AND e.kind = 'wish.again') <> w.round - 1`},
		{"a wish has three rounds at most", `SELECT id FROM wish WHERE round > 3`},
		{"an auction is in the round of its wish", `SELECT w.id FROM wish w JOIN auction a ON a.wish_id = w.id
 WHERE a.round <> w.round`},
		{"a full crowd has reached its point", `SELECT w.id FROM wish w WHERE w.state = 'gathering'
 AND w.pause_until IS NULL AND w.firm >= w.threshold`},
		{"nobody's won waits while a wish gathers again", `SELECT s.order_id FROM escrow_share s
 JOIN wish w ON w.id = s.wish_id WHERE w.state IN ('gathering', 'bidding', 'choosing') AND s.ended_at IS NULL`},
		{"an auction opens with the point", `SELECT w.id FROM wish w JOIN auction a ON a.wish_id = w.id
 WHERE (w.reached_at IS NULL) <> (a.opens_at IS NULL)`},
		{"no bid comes after the close", `SELECT b.id FROM bid b JOIN auction a ON a.wish_id = b.wish_id
 WHERE a.closes_at IS NOT NULL AND b.round = a.round AND b.at > a.closes_at`},
		{"an auction is extended ten times at most", `SELECT wish_id FROM auction WHERE extensions > 10`},
		{"a seller has one standing bid", `SELECT wish_id || ' ' || merchant_id FROM bid
 WHERE state IN ('standing', 'winner') GROUP BY wish_id, merchant_id HAVING count(*) > 1`},
		{"an awarded wish has a winner", `SELECT w.id FROM wish w WHERE w.state IN ('paying', 'fulfilling', 'done')
 AND NOT EXISTS (SELECT 1 FROM bid b WHERE b.wish_id = w.id AND b.state = 'winner')
 AND NOT (w.state = 'paying' AND EXISTS (SELECT 1 FROM collect c WHERE c.wish_id = w.id AND c.state = 'over'
 AND c.outcome IN ('nobody', 'no_seller')))`},
		{"a share's won is where its state says", `SELECT s.order_id FROM escrow_share s WHERE
 coalesce((SELECT b.balance FROM ledger_balance b WHERE b.account = '2120' AND b.party = s.order_id), 0) <>
 CASE WHEN s.state IN ('held', 'shipped', 'delivered') THEN s.amount ELSE 0 END OR
 coalesce((SELECT b.balance FROM ledger_balance b WHERE b.account = '2130' AND b.party = s.order_id), 0) <>
 CASE WHEN s.state = 'disputed' THEN s.amount ELSE 0 END`},
		{"no won waits for nobody's share", `SELECT b.party FROM ledger_balance b WHERE b.account IN ('2120', '2130')
 AND b.balance <> 0 AND NOT EXISTS (SELECT 1 FROM escrow_share s WHERE s.order_id = b.party)`},
		{"what a member paid is released or refunded, or waits", `SELECT s.order_id FROM escrow_share s WHERE s.paid <>
 (SELECT coalesce(sum(p.amount), 0) FROM payment p WHERE p.order_id = s.order_id AND p.state = 'captured'
 AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.payment_id = p.id AND r.subject LIKE 'payment:%')) OR
 s.paid - s.amount + s.refunded <> (SELECT coalesce(sum(r.amount), 0) FROM refund r WHERE r.order_id = s.order_id
 AND r.subject NOT LIKE 'payment:%')`},
		{"a deposit's won is where its state says", `SELECT d.id FROM bid_deposit d WHERE
 coalesce((SELECT b.balance FROM ledger_balance b WHERE b.account = '2165' AND b.party = d.id), 0) <>
 CASE WHEN d.state = 'held' THEN d.amount ELSE 0 END`},
		{"a deposit is paid once, and returned or kept once", `SELECT d.id FROM bid_deposit d WHERE
 CASE WHEN d.paid_at IS NULL THEN 0 ELSE d.amount END <> (SELECT coalesce(sum(p.amount), 0) FROM payment p
 WHERE p.order_id = d.id AND p.state = 'captured' AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.payment_id = p.id
 AND r.subject LIKE 'payment:%')) OR CASE WHEN d.state = 'returned' THEN d.amount ELSE 0 END <>
 (SELECT coalesce(sum(r.amount), 0) FROM refund r WHERE r.order_id = d.id AND r.subject = 'deposit')`},
		{"no won waits for nobody's deposit", `SELECT b.party FROM ledger_balance b WHERE b.account = '2165'
 AND b.balance <> 0 AND NOT EXISTS (SELECT 1 FROM bid_deposit d WHERE d.id = b.party)`},
		{"a standing bid has its deposit down", `SELECT b.id FROM bid b WHERE b.state = 'standing' AND
 coalesce((SELECT sum(d.amount) FROM bid_deposit d WHERE d.wish_id = b.wish_id AND d.merchant_id = b.merchant_id
 AND d.state = 'held'), 0) < CASE WHEN b.deposit > 0 THEN b.deposit
 ELSE coalesce((SELECT s.deposit FROM bid_seal s WHERE s.bid_id = b.id), 0) END`},
		{"a member has one living share in a wish", `SELECT wish_id || ' ' || account_id FROM escrow_share
 WHERE ended_at IS NULL GROUP BY wish_id, account_id HAVING count(*) > 1`},
		{"only firm members have living shares", `SELECT s.order_id FROM escrow_share s
 WHERE s.ended_at IS NULL AND NOT EXISTS (SELECT 1
 FROM wish_member m WHERE m.wish_id = s.wish_id AND m.account_id = s.account_id AND m.kind = 'firm')`},
		{"nothing is released before the seller begins", `SELECT s.order_id FROM escrow_share s JOIN escrow e
 ON e.wish_id = s.wish_id WHERE e.begun_at IS NULL AND s.released > 0`},
		{"silence releases only what has arrived", `SELECT order_id FROM escrow_share WHERE outcome = 'silence'
 AND delivered_at IS NULL`},
		{"nothing is shown of a sealed bid before the reveal", `SELECT b.id FROM bid b JOIN auction a
 ON a.wish_id = b.wish_id WHERE a.kind = 'sealed' AND a.state IN ('planned', 'open') AND b.round = a.round
 AND b.unit_price > 0`},
	}
}

// Under lists what is still under way.
func Under() []Assertion {
	return []Assertion{{"wishes", `SELECT id FROM wish WHERE state NOT IN ('done', 'closed', 'merged')`},
		{"shares", `SELECT order_id FROM escrow_share WHERE ended_at IS NULL`},
		{"deposits", `SELECT id FROM bid_deposit WHERE state = 'held'`}}
}

// Rest holds once everything has come to an end.
func Rest() []Assertion {
	return []Assertion{
		{"no wish is left half-way", `SELECT id || ' ' || state FROM wish WHERE state NOT IN ('done', 'closed', 'merged')`},
		{"every share has ended", `SELECT order_id || ' ' || state FROM escrow_share WHERE ended_at IS NULL`},
		{"no won waits any more", `SELECT account || ' ' || party FROM ledger_balance
 WHERE account IN ('2120', '2130') AND balance <> 0`},
		{"no deposit is left down", `SELECT id FROM bid_deposit WHERE state = 'held'`},
		{"no auction is left half-way", `SELECT wish_id || ' ' || state FROM auction WHERE state NOT IN ('done', 'void')`},
	}
}

// Wanted lists what a complete simulation must have met.
func Wanted() []string {
	return []string{
		"join.wish.over", "join.wish.confirmed", "bid.bid.over", "bid.bid.too_high", "bid.bid.own_lowest",
		"bid.bid.own_crowd", "bid.bid.ceiling", "take back.ok", "take back.bid.too_late", "judge.ok",
		"judge.bid.vote.not_member", "judge.bid.hidden", "disqualify.ok", "call back.ok", "bid.replaced.",
		"bid.withdrawn.", "bid.disqualified.operator", "bid.disqualified.voted", "bid.winner.lowest", "bid.lapsed.unfit",
		"bid.lapsed.late", "bid.lapsed.price", "bid.lapsed.minimum", "bid.failed.failed", "wish.closed.expired",
		"wish.closed.no_bid", "wish.closed.withdrawn", "wish.closed.too_few", "wish.done.served", "auction.open.done",
		"auction.sealed.done", "share.fund.firm", "share.fund.over", "share.fund.paid", "share.fund.price",
		"share.payment.pending", "share.payment.declined", "collect.over.enough", "collect.over.nobody", "short.true.ok",
		"short.false.ok", "ship.ok", "ship.escrow.not_begun", "carrier.delivered.ok", "carrier.returned.ok", "wait.ok",
		"dispute.ok", "speak.answer.ok", "decide.ok", "share.released.confirmed", "share.released.silence",
		"share.refunded.given_back", "share.refunded.undelivered", "share.refunded.unsent", "share.refunded.void",
		"round.no_bid", "round.too_few", "reached.2", "reached.3", "go on.ok", "go on.wish.lead", "fewer.ok",
		"fewer.wish.fewer", "fewer.wish.state", "let be.ok",
		"take down.ok", "take down.wish.lead", "take down.wish.down_already", "wish.closed.taken_down",
		"collect.over.stopped",
		"share.refunded.withdrawn", "share.decided.ruled", "share.decided.seller_silent",
		"deposit.ok", "deposit.payment.declined", "deposit.payment.pending", "bid.bid.deposit", "deposit.returned.lost",
		"deposit.returned.withdrawn", "deposit.returned.unused", "deposit.returned.served", "deposit.kept.not_served",
	}
}

// Collect notes how wishes, bids and whatever came of them stand at the end of a history.
func (c *Crowd) Collect() error {
	rows, err := db.All(c.ctx, c.db, db.Scalar[string], `SELECT DISTINCT 'wish.' || state || '.' || outcome FROM wish
 UNION SELECT DISTINCT 'round.' || outcome FROM wish_round
 UNION SELECT DISTINCT 'reached.' || CAST(round AS text) FROM wish WHERE reached_at IS NOT NULL
 UNION SELECT DISTINCT 'bid.' || state || '.' || outcome FROM bid
 UNION SELECT DISTINCT 'auction.' || kind || '.' || state FROM auction
 UNION SELECT DISTINCT 'share.' || state || '.' || outcome FROM escrow_share
 UNION SELECT DISTINCT 'deposit.' || state || '.' || cause FROM bid_deposit
 UNION SELECT DISTINCT 'collect.' || state || '.' || outcome FROM collect`)
	for _, what := range rows {
		c.Met(what)
	}
	return err
}
