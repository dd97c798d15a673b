// Package record counts what a seller's shares say about it: kept, late, disputed, lost. The same is said by a fold
// over shares and by one query, and the test holds them against each other.
//
// It owns nothing and judges nobody: what a figure means for a seller's standing is for whoever shows it.
package record
