// Package gone is what stands at the address of a wish that the operator took down: on which legal ground and why, and
// how to object. Its author sees what it said; nobody else does.
package gone
