// Package wallet is the pages of what a buyer has: orders with their receipts, vouchers as tickets, refunds seen before
// they are asked for, and the one question after each use.
//
// A voucher's page goes on working without a network: a service worker under /vouchers/ keeps the pages that their
// holder opened, with their files, and forgets them as soon as nobody is signed in. It will not decide a refund, a
// right or a count: flows do.
package wallet
