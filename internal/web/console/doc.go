// Package console is the operator's desk: what waits for a person, the deals in line, the money and how it is covered,
// stuck work, and who did what. Three people run a city with it, so every list is normally empty and says so.
package console
