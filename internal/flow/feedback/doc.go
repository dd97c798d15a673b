// Package feedback is the journey from a kept promise to what both sides say of it.
//
//	voucher.redeemed ─► the guest is asked once ─► answer ┐
//	voucher.undone   ─► the question is void              ├─► folds: visits and satisfaction of deal, shop, region
//	deal.moved ended, a month over ─► the shop is asked ──┘
//
// The projection may see a use, its undo and its answer in any order, and built again from the first event it gives the
// same rows.
package feedback
