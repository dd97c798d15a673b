// Package verify has the register of businesses asked about sellers that offer on wishes, by itself, so that who is
// unknown when bidding is verified before members pay, and nobody at the operator's has to act.
//
// It approves no registration (flow/enroll) and judges no bid (market/bid).
package verify
