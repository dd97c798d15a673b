// Package aftermath counts, in the database that a bench leaves behind, what must never be: units sold that there were
// not, purchases told to a buyer and gone, purchases made twice. It measures nothing and mends nothing.
package aftermath
