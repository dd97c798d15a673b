// Package watcher is the crowd of the bench "live": many streams of one topic in a process of its own. It measures
// nothing but when each heard what.
package watcher
