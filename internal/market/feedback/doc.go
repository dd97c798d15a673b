// Package feedback is what both sides say once a promise was kept: the guest after each verified use, the merchant
// after each campaign and month.
//
// It owns feedback_ask, feedback_merchant and the two folds feedback_fold and feedback_tally. An answer is given once.
// A use that was undone asks nobody and counts nowhere, whatever was said before. It shows nothing and mails nobody.
package feedback
