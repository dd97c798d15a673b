package rows

import (
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// PartySums adds up the postings of an account's parties, by the index of the entry's own id where the party is one.
// Its parameters are the account and its normal side, then the parties.
func PartySums(kind ledger.PartyKind) string {
	const sums = `SELECT p.account, p.party, CAST(SUM(CASE WHEN p.side = $2 THEN p.amount ELSE -p.amount END) AS bigint)
 FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id WHERE p.account = $1 AND `
	const end = db.IDsMark + ` GROUP BY p.account, p.party`
	switch kind {
	case ledger.PartyDeal:
		return sums + `p.party = e.deal_id AND e.deal_id <> '' AND e.deal_id IN ` + end
	case ledger.PartyOrder:
		return sums + `p.party = e.order_id AND e.order_id <> '' AND e.order_id IN ` + end
	case ledger.PartyVoucher:
		return sums + `p.party = e.voucher_id AND e.rule >= 'R13' AND e.rule < 'R14' AND e.voucher_id IN ` + end
	case ledger.PartyMerchant:
		return sums + `p.party = e.merchant_id AND e.merchant_id <> '' AND e.merchant_id IN ` + end
	default: // the others stand on bank accounts
		return sums + `p.account >= '1110' AND p.account <= '1190' AND p.party IN ` + end
	}
}
