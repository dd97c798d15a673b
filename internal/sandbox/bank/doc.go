// Package bank is the sandbox's bank: accounts with statements, and transfers that are accepted first and
// executed, refused or returned later.
//
// Every movement books the same won out of one account and into another, also for the world outside, so that all
// balances together are always zero. Our own accounts (custody, operating) never fall below zero: an accepted
// transfer holds its amount until it is executed. The caller's reference makes a transfer or a deposit happen once;
// a repeated reference gets the first one's answer, whatever else the repetition says.
//
// It owns the record kinds bank_account, bank_entry and bank_transfer.
package bank
