// Package mail sends e-mail: through an SMTP server, into memory (tests), or into a table where it can be read on a
// page (the demo).
//
// It owns the shape of a message, the refusal of anything that could add headers or recipients, and the table
// kit_mail. Send says whether trying again may help; it does not try again itself (kit/queue does), does not write
// texts, and does not decide who gets what.
package mail
