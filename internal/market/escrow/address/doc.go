// Package address keeps where members' parcels go, apart from everything else: who may see it, for how long, and its
// erasure afterwards (PIPA: no longer than needed).
//
// It owns the table escrow_address. When a member's address may be seen follows the share and is said by package
// escrow.
package address
