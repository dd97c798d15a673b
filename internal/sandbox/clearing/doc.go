// Package clearing is the sandbox gateway's back office: the list of captures and cancels, the daily settlement
// file with its fees, and the pay-out of each business day's net sum into the platform's custody account.
//
// A Korean calendar day D is closed once it is over. Its rows are paid out n business days later (1 by default), but
// never on a day whose pay-out was made already. The pay-out is the sum of that day's rows, to the won; a
// negative sum is collected from the custody account instead. Fees are the sandbox's own contract: a rate in
// basis points of what remains charged, rounded half up, and 10 % VAT on it, rounded half up. A cancel gives back
// the difference, so that a wholly cancelled payment has cost nothing.
//
// It owns the record kinds transaction, settlement_row and settlement_payout. Differences planted by a plan of package
// fault are in the file and in the money alike: what is wrong is the gateway's view, as it would be in life.
package clearing
