// Package wishes is the part of a shop's board that says what waits for it among wishes, and where to see to it.
package wishes
