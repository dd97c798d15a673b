// Package pass derives what a member shows at the branch to be served: a QR code and a short code, one a share.
//
// Both are derived from the order's id and a key that stands outside the database, as those of vouchers are; nothing of
// them is stored. It owns no table and decides nothing: that a share may be served is market/escrow's.
package pass
