// Package merge is the page on which like wishes come together: the lead asks, the other lead answers, and each member
// of a wish that has merged says whether to come over.
//
// It has no rules: flow/merge decides who may do what, and when.
package merge
