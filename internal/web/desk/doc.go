// Package desk is a merchant's own desk: the board of what happens now, its deals and their sales, its money, and its
// guests' words. Writing a deal is package editor beneath it.
//
// Every page belongs to one shop, chosen once when a person runs several; who only scans has the counter instead and
// sees no money here. Pages read market/report and call one flow a form; they know no rule and write no SQL. The shop's
// registration, branches and people are pages of the office.
package desk
