// Package fault is what the sandbox does wrong on purpose: plans of faults per order, transfer or for
// everything, and the numbered points at which the process ends as if the power went.
//
// It owns the plans (record kind "fault") and decides which fault a step meets; it never carries one out.
package fault
