// Package custody is the journey of the money that guards the merchants' money: what the bank's statements, the
// gateway's settlement file and its list of transactions say is matched with our books, or stands in a list with its
// age; the equation between clients' money and what is owed is written down each day; the operator's buffer is filled
// and its commission is swept, each by a transfer that happens once.
//
// It posts when the bank has confirmed, never before. It makes no payout: flow/settle does.
package custody
