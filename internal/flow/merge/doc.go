// Package merge brings the people of like wishes together, with everybody's consent.
//
//	Propose (a lead) ──► Agree or Refuse (the other lead) · TakeBack (before that) · Lapse (nobody answered)
//	Agree ──► the wish ends in favour of the other, its bids are free, its people are asked one by one
//	          Bring: they look on at the other wish · Answer: yes makes a firm place there, no leaves it
//
// Nobody counts in a wish that they did not choose themselves (decision 42), and nobody has two places in one.
package merge
