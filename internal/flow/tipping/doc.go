// Package tipping is the journey of a sale through its window to its one decision.
//
//	open ─► on sale ─► (the claim that reaches the point tips, in flow/checkout) ─► vouchers active, in chunks
//	             └─► close ─► last hold gone ─► decide ─► ended | ask the merchant ─► accepted in public | extended once
//	                                                  └─► failed ─► flow/refund pays everybody back
//
// Every step is a job that can run twice; a guard names the state that it leaves.
package tipping
