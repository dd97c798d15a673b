// Package wallet shows a buyer what is theirs: orders with their receipts, vouchers with their codes and history.
//
// It only reads. What is somebody else's answers exactly as what is not there. The codes of a voucher are derived here
// from the keys, for its holder alone, and are kept nowhere.
package wallet
