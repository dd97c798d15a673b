// Package audit writes down who did what to which resource, and from which address, in the transaction that did it.
//
// It owns the table audit, to which rows are only added (triggers keep it so), and its paging by keyset. An entry's
// detail holds ids, states and amounts, never names, addresses, codes or anything secret.
//
// It will not decide who may do what (market/right) and tells nobody (that is what events are for).
package audit
