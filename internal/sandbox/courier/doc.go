// Package courier plays every carrier and the tax office's register of businesses for practice: parcels move by the
// clock from the moment somebody first asks about them, and businesses are what their numbers say.
//
// What a parcel does follows from the end of its number, or from what PUT /sandbox/parcels says: it arrives; it is lost
// (…90), returned (…91), its news come late (…92) or twice and out of order (…93). What the register knows of a
// business follows likewise: a number that ends in 8 rests, one in 9 has closed, one in 7 is unknown. PUT
// /sandbox/courier takes either of them down. It knows nothing of shares and asks nobody.
package courier
