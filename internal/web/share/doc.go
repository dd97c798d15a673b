// Package share is the pages of a member who has paid for a share of a wish: where it is, what happens next and when,
// also if nobody does anything, the code to show at the branch, the address, and the dispute.
//
// It has no rules: what a member may do now is asked of flow/deliver.
package share
