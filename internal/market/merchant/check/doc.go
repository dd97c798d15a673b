// Package check is the seam to a register of businesses, and what it said of merchants that offer on wishes.
//
// A Register is asked about one business number at a time and answers whether it runs. What it said is kept, with the
// day and the source, in merchant_check; merchant_verify is where a merchant stands by it: waiting, verified or
// refused. A number that changes begins anew, and a verified one is asked about again after a month. An operator's
// approval counts as much (market/merchant); nobody at the operator's has to give it.
package check
