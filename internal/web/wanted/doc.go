// Package wanted is the pages where buyers begin: what people want together, in a list, on a page of its own, and the
// form that begins one.
//
//	GET  /wanted             wishes by stage, kind and place; ?mine=1 those one is in
//	GET  /wanted/new         a name is all it takes; who has not signed in finds the words again afterwards
//	GET  /wanted/similar     open wishes like what is being typed, as a part of the form
//	GET  /w/{wish}           the wish, its crowd, its offers and its history, all of it live
//	GET  /w/{wish}/part/{part}
//	POST /w/{wish}/join      one click: who is a guest signs in first and finds the click done
//	POST /w/{wish}/…         ask and vote about offers; the lead's edit, hand-over and withdrawal
//	GET  /w/{wish}/card.png  the picture beside a shared address
//
// Beads of the meter are filled by payments and by nothing else; firm members are outlined ones. A form on a foreign
// page can lead to the question whether one wants to join, and never joins by itself.
//
// The list stands in the package board beneath, and what several pages say of a wish in stage.
//
// It will not take bids (web/tender) nor money (web/fund), and decides nothing: rules stand in market/wish and
// market/bid.
package wanted
