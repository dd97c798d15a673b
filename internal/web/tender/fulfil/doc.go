// Package fulfil is the board of the seller whose offer on a wish has won.
//
//	/office/wanted/{wish}/fulfil             who paid, parcels one by one or by sheet, where the won is
//	/office/wanted/{wish}/disputes/{order}   what a member complains of, and the seller's word
//
// Everybody else finds nothing here. Where members live is shown by an act that is written down, never with the page.
// The package knows no rule and no sum: flow/fund and flow/deliver say them.
package fulfil
