// Package office is where a shop's people keep the shop itself: its registration page by page, and afterwards its
// words, photos, places with their hours, payout account and people; and the page of an invitation to work there.
//
// The same pages serve a registration and an approved shop. Each saves by itself, none needs script, and what is wrong
// is told beside its field while everything typed stays. The board of sales, deals and money is package desk. It will
// not decide what may change when (market/merchant) or who may change it (market/right).
package office
