// Package voucher is the right to something in a shop, one a unit bought, and each use of it.
//
// It owns voucher and redemption. Secrets are derived from a key outside the database; only keyed hashes are stored.
// The rules that a scan meets, in the order in which a customer should hear of them, are here. It posts no money.
package voucher
