// Package behind notices when this node does not hear the others, and then follows them through the database.
//
// Whom a node should hear stands in the database (kit/node: who lives); whom it hears, the bus tells. While somebody
// who lives is not heard, whatever the cause, the pages of this node say that they are late, the numbered events of the
// feed stand in for the hints of the bus, and from time to time everything is fetched again. Nodes without a bus live
// that way all the time.
//
// It owns no table, and it decides nothing but what screens say.
package behind
