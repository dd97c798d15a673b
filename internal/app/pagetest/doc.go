// Package pagetest visits and besieges the whole site: every address that the server has, as everybody who may come, on
// both databases side by side.
//
// The world is the demonstration's town, which three months of real journeys made. The addresses are asked from the
// server itself, so that a new one without a line in the tables of this package fails the test.
//
// It is tests only.
package pagetest
