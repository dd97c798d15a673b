// Package tender is the office's side of wanted: wishes that a shop could serve, its offers, and the work after one of
// them has won.
//
//	/office/wanted                    wishes that fit, all open ones, one's own offers
//	/office/wanted/kinds              which kinds of wishes the shop hears of
//	/office/wanted/{wish}             what there is to undercut, the offer, questions about it
//	/office/wanted/{wish}/enlist      the three facts with which a stranger may offer
//
// A seller sees nothing that is sealed but its own. The package knows no rule of auctions and no sum: flow/auction says
// them. What comes after an offer has won is in package fulfil.
package tender
