// Package bench measures the product: each bench drives the shipped program over TCP from another process, against a
// throw-away database, and compares it, in the same run, with the same work done one transaction a request ("naive")
// and with what the engine alone can write ("limit"). On a machine that others use too only those ratios mean
// something.
//
// Every bench ends with a look at what is left after the server was killed and its database opened again: nothing that
// was answered may be missing, nothing may have happened twice, nothing may be sold that was not there.
//
// It writes to databases of its own only, builds its worlds with the journeys of the product, and has no rules.
package bench
