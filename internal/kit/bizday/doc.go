// Package bizday knows Korean days: what day an instant falls on in Seoul, and which days are business days.
//
// It owns the table of holidays (holidays.csv), which ends on a day of its own: past it only weekends are known, and
// every answer says so, because the government proclaims next year's calendar (월력요항) only in the middle of this one
// and adds holidays at short notice. It will not read the clock and does not know deadlines, only days.
package bizday
