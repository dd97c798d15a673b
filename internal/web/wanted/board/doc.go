// Package board lists wishes: all of them by stage, kind and place, those of one person with what is to be done next,
// and the strip on a neighbourhood's page. It reads, and decides nothing.
package board
