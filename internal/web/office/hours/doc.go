// Package hours reads and fills the editor of a branch's opening hours: what a form holds, as it was typed.
//
// It owns no rules of hours, which are market/merchant's, and no words.
package hours
