// Package load buys and redeems over HTTP as many people would while something breaks, writes down what it was
// promised, and afterwards holds the database to it.
//
// Each buyer lives through one purchase: an order, its payment, the use of its voucher, each with a key of its own. A
// step counts as acknowledged once its answer has come in whole. After the fault every step without an answer is asked
// again under its key, and every step with one too: the answer must be the first one. Nobody orders twice, so a second
// order, voucher or use of a buyer is a command that was carried out twice.
//
// It also starts the program as a process that can be killed, and the sandbox gateway beside it. It knows neither which
// database is behind nor what breaks.
package load
