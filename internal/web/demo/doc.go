// Package demo is the door of the demonstration town: a page on which one becomes a shopper, a shop owner, somebody at
// the counter or the operator with one click, with a sentence about what to try as each, and the ribbon above every
// page that leads back to it.
//
// Its addresses exist in a demonstration only.
package demo
