// Package disputes is where the operator looks after wanted: disputes that wait for a decision, with both sides'
// evidence and the won at stake; wishes that stand where they should not; and offers that are taken out in public.
//
//	/admin/disputes              the queue, whose time ends first before the others
//	/admin/disputes/{order}      one case, and the decision in won
//	/admin/wishes                wishes by their stage
//	/admin/wishes/{wish}         one wish with its offers
//
// It shows nothing that is sealed. What is decided here is written down by the flows.
package disputes
