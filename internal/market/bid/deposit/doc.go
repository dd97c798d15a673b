// Package deposit holds what sellers put down so that they may bid: won that goes back by itself, unless the seller who
// put it down failed by its own fault.
//
//	open ─► held ─► returned
//	  │        └──► kept
//	  └─► gone
//
// It owns the table bid_deposit and the rule that says when a deposit is free. It moves no money: flow/deposit asks the
// gateway, and books each deposit under an account of its own.
package deposit
