// Package merchant holds shops: who runs them, where and when they are open, who works there and who follows them.
//
//	draft ─► submitted ─► approved ◄─► suspended
//	             │ ▲
//	             ▼ │
//	          returned
//
// A registration is written page by page and may be incomplete until it is submitted; then the business number is
// taken and the address of the page (slug) stands for good. A changed payout account of an approved shop waits before
// money goes there.
//
// It owns the tables merchant, merchant_branch, merchant_member, merchant_invitation and merchant_follow. It will not
// check a business number with the tax office or a bank account with a bank (those are seams of a later stage), and
// knows nothing of deals or money.
package merchant
