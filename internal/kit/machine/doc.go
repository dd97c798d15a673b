// Package machine keeps the life of a thing as data: a table of steps that code follows, and that docs/states draws.
//
// It knows no thing of its own and keeps nothing; machinetest is its part for tests.
package machine
