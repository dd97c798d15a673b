package rows

import "github.com/dure-commerce/dure/internal/kit/db"

// Statements of questions that doctor judges in code.
const (
	StatedUses = `SELECT x.id, x.net, COALESCE(l.net, 0),
 CASE WHEN l.statement_id = x.statement_id AND l.price = x.price AND l.commission = x.commission THEN 1 ELSE 0 END
 FROM redemption x LEFT JOIN statement_line l ON l.kind = 'use' AND l.source_id = x.id
 WHERE x.statement_id IS NOT NULL AND x.id > $1 ORDER BY x.id LIMIT $2`
	UseLines = `SELECT l.id, l.net, COALESCE(x.net, 0),
 CASE WHEN x.state = 'accepted' AND x.statement_id = l.statement_id THEN 1 ELSE 0 END
 FROM statement_line l LEFT JOIN redemption x ON x.id = l.source_id
 WHERE l.kind || '' = 'use' AND l.id > $1 ORDER BY l.id LIMIT $2`
	StatementSums = `SELECT s.id, s.lines, s.net, s.first_seq, s.last_seq, COUNT(l.id),
 CAST(COALESCE(SUM(l.net), 0) AS bigint), COALESCE(MIN(l.seq), s.first_seq), COALESCE(MAX(l.seq), s.last_seq)
 FROM statement s LEFT JOIN statement_line l ON l.statement_id = s.id WHERE s.id IN
 (SELECT id FROM statement WHERE id > $1 ORDER BY id LIMIT $2)
 GROUP BY s.id, s.lines, s.net, s.first_seq, s.last_seq ORDER BY s.id`
	Sequences = `SELECT q.merchant_id, COUNT(s.id), COALESCE(MAX(s.number), 0),
 CAST(COALESCE(SUM(s.lines), 0) AS bigint), COALESCE(MAX(s.last_seq), 0), q.last_seq, q.last_number
 FROM statement_seq q LEFT JOIN statement s ON s.merchant_id = q.merchant_id WHERE q.merchant_id IN
 (SELECT merchant_id FROM statement_seq WHERE merchant_id > $1 ORDER BY merchant_id LIMIT $2)
 GROUP BY q.merchant_id, q.last_seq, q.last_number ORDER BY q.merchant_id`
	PaidByBook = `SELECT CAST(COALESCE(SUM(CASE WHEN p.side = 'D' THEN p.amount ELSE -p.amount END), 0) AS bigint)
 FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id
 WHERE e.merchant_id = $1 AND e.merchant_id <> '' AND e.rule = 'R17' AND p.account = '2150'`
	PaidByPayouts = `SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) FROM payout
 WHERE merchant_id = $1 AND state IN ('sent', 'confirmed')`
	OrderSums = `SELECT e.order_id, p.account, e.rule,
 CAST(SUM(CASE WHEN p.side = 'D' THEN p.amount ELSE 0 END) AS bigint),
 CAST(SUM(CASE WHEN p.side = 'C' THEN p.amount ELSE 0 END) AS bigint)
 FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id
 WHERE e.order_id > $1 AND e.order_id <= $2 AND e.order_id <> '' GROUP BY e.order_id, p.account, e.rule
 ORDER BY e.order_id`
	EntrySlice = `SELECT id, rule, scope, mirrors, at, day, deal_id, order_id, voucher_id, merchant_id, policy_id,
 bytes FROM ledger_entry WHERE id > $1 ORDER BY id LIMIT $2`
	LineSlice = `SELECT entry_id, line, account, party, side, amount FROM ledger_posting WHERE entry_id > $1`
)

// ShareRefunds are the refunds of shares; money that came too late was never of one.
const ShareRefunds = `SELECT order_id, CAST(SUM(amount) AS bigint) FROM refund WHERE order_id IN ` + db.IDsMark + `
 AND wish_id <> '' AND cause <> 'late_money' GROUP BY order_id`

// ShareReleases are what sellers, we and the tax office were given of shares.
const ShareReleases = `SELECT e.order_id, CAST(SUM(p.amount) AS bigint) FROM ledger_entry e
 JOIN ledger_posting p ON p.entry_id = e.id WHERE e.order_id IN ` + db.IDsMark + ` AND e.rule IN ('R15', 'R16')
 AND p.side = 'C' AND p.account IN ('2140', '4100', '2200') GROUP BY e.order_id`

// PayoutSums are payouts beside what they name and what was booked of them.
const PayoutSums = `SELECT o.id, o.state, o.amount,
 CAST(COALESCE((SELECT SUM(s.net - s.apart) FROM statement s WHERE s.payout_id = o.id), 0) +
  COALESCE((SELECT SUM(a.amount) FROM statement_apart a WHERE a.payout_id = o.id), 0) AS bigint),
 (SELECT COUNT(*) FROM ledger_entry e WHERE e.scope = 'R17/' || o.id || '/sent'),
 (SELECT COUNT(*) FROM ledger_entry e WHERE e.scope = 'R17/' || o.id || '/confirmed'),
 (SELECT COUNT(*) FROM ledger_entry e WHERE e.scope IN ('R17/' || o.id || '/sent/returned',
  'R17/' || o.id || '/confirmed/returned')),
 (SELECT COUNT(*) FROM payout f WHERE f.replaces = o.id)
 FROM payout o WHERE o.id > $1 ORDER BY o.id LIMIT $2`

// PostingTotals and PostingGroups add up postings by account, party and rule; what lies between chooses them.
const (
	PostingTotals = `SELECT p.account, p.party, e.rule,
 CAST(SUM(CASE WHEN p.side = 'D' THEN p.amount ELSE 0 END) AS bigint),
 CAST(SUM(CASE WHEN p.side = 'C' THEN p.amount ELSE 0 END) AS bigint)
 FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id`
	PostingGroups = ` GROUP BY p.account, p.party, e.rule`
)

// Captures are what we say was captured since a payment, with what certainly and what perhaps went back of it.
const Captures = `SELECT p.id, p.amount,
 (SELECT CAST(coalesce(sum(f.amount), 0) AS bigint) FROM refund f WHERE f.payment_id = p.id
 AND f.state IN ('accepted', 'settled')),
 (SELECT CAST(coalesce(sum(f.amount), 0) AS bigint) FROM refund f WHERE f.payment_id = p.id)
 FROM payment p WHERE p.id > $1 AND p.state = 'captured' ORDER BY p.id LIMIT $2`
