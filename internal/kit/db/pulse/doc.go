// Package pulse notices that a PostgreSQL server does not answer any more, within two seconds and whoever waits.
//
// It owns a connection of its own and the list of those that were dialled through it. It decides nothing about
// statements: a slow one in a database that answers is left alone.
package pulse
