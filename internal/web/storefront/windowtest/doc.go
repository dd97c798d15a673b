// Package windowtest walks the shop window as its visitors do: pages over a small town with the whole domain beneath
// and a sandbox gateway beside it, by requests and in a real browser.
package windowtest
