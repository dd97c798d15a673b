// Package inquiry asks a tracking service over HTTP where parcels are.
//
// The contract is small, so that a company's own interface is turned into it by a page of code beside it:
//
//	POST {URL}/track, Authorization: Bearer {key}
//	{"parcels": [{"carrier": "cj", "number": "612345678901"}]}
//	→ 200 {"parcels": [{"carrier": "cj", "number": "612345678901",
//	    "events": [{"kind": "accepted", "at": "2026-03-04T10:00:00+09:00", "place": "마포"}]}]}
//
// Carriers are named by the codes of market/escrow/parcel; kinds are accepted, moving, delivered and returned. A parcel
// that is not known is left out. Events may come again and in any order, all or only the newest. Any other status, and
// anything that cannot be read, means that nothing was learned. The sandbox speaks the same contract.
package inquiry
