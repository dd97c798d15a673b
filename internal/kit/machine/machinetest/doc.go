// Package machinetest keeps the pages of docs/states true: tests draw each machine and compare.
package machinetest
