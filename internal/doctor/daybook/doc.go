// Package daybook compares what the daybook keeps of shops with what orders, vouchers and uses add up to (53).
//
// Each shop is read in one view of the database, with what the feed has not brought the daybook yet, so that a server
// at work raises no false alarm. Doctor asks it.
package daybook
