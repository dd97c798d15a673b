// Package tender is the office's side of wanted: wishes that a shop could serve, its offers, and the work after one of
// them has won.
//
//	/office/wanted                    wishes that fit, all open ones, one's own offers
//	/office/wanted/kinds              which kinds of wishes the shop hears of
//	/office/wanted/{wish}             what there is to undercut, the offer, questions about it
//	/office/wanted/{wish}/enlist      the three facts with which a stranger may offer
//	/office/wanted/{wish}/fulfil      who paid, parcels one by one or by sheet, disputes, where the won is
//
// A seller sees nothing that is sealed but its own, and addresses only once it has won and everybody has paid. The
// package knows no rule of auctions and no sum: flow/auction, flow/fund and flow/deliver say them.
package tender
