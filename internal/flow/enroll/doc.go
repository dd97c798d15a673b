// Package enroll is the journey of a shop: from the first page of its registration to a place among the members, and
// whatever its people change afterwards.
//
//	Save (a page at a time) ─► Submit ─► Approve ─► page public, may open deals ─► Suspend ◄─► Reinstate
//	        ▲                    └─► Return with what to mend ─┐
//	        └──────────────────────────────────────────────────┘
//	SaveBank (approved) ─► letter to the owners ─► waits ─► job enroll.bank ─► money goes there
//	Invite ─► job enroll.invite ─► mail ─► Accept ─► works in the shop
//
// Every step asks market/right first and leaves a line in the audit log, which is the shop's timeline.
package enroll
