// Package ceiling measures what a database engine could do if there were no product: it takes the rows that a run has
// left behind and writes them again, in the best batch, with nothing decided and nobody asking.
package ceiling
