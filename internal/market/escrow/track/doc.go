// Package track is the seam to whoever knows where parcels are: a carrier, or a company that asks all carriers.
//
// A Tracker is asked about some parcels at once and tells what it knows of each. Its answers may come late, twice, out
// of order and with gaps: market/escrow folds them, so that what they say together is the same. An error means that
// nothing was learned, and is asked again; a parcel that the answer leaves out is one that nobody has handed over yet.
// A Tracker is asked outside any transaction and must answer, or give up, within seconds.
//
// The package also keeps when each parcel is asked about next (columns ask_at and asks of escrow_shipment). It moves no
// share: that is escrow.Follow.
package track
