// Package town makes the demonstration: a living town of invented shops in real districts of Seoul, with three months
// behind it and people who go on buying.
//
// Nothing here writes a row: shops register, deals are submitted and reviewed, people buy through the gateway's HTTP,
// visit, object and are paid out by the same flows as everybody else, in batches, on a clock that walks through the
// past day by day. The same seed and the same present make the same town.
//
//	lore      who lives there, and what they say
//	Build     the past, up to the present
//	Town.Run  serves it, and lets life go on
//
// It will not be linked into anything but the command `dure demo`.
package town
