// Package money holds the tests of faults between us and the gateway, and of the tipping point's last instant, on a
// clock that the test sets: notices out of order, late, forged or lost, and a threshold crossed while people leave.
package money
