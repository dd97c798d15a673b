// Package hours tells whether an instant lies within rules of weekdays, hours of the day and excluded days, in one
// zone.
package hours
