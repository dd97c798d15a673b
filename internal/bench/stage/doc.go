// Package stage makes what a bench runs on: throw-away databases of either engine, the world in them, and the server
// as a process of its own.
//
// A world is built once by the journeys themselves, with the clock set back, and copied for every run; only people with
// their tokens are written in bulk. It owns a folder under the system's temporary one, and a PostgreSQL server unless
// it is given one, and removes both.
package stage
