package room

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market"
)

// Ticket says that an account has a place, without a look into the database.
type Ticket struct {
	DealID    market.DealID
	AccountID market.AccountID
	Number    int64
	Expires   time.Time
}

// Tickets writes and reads tickets.
type Tickets struct{ key sign.Key }

// NewTickets derives the key of tickets from the installation's.
func NewTickets(root sign.Key) Tickets {
	var key sign.Key
	copy(key[:], sign.Derive(root, "room ticket", "", sign.KeyBytes))
	return Tickets{key}
}

const (
	ticketForm  = "r1"
	ticketBytes = 18
	ticketMax   = 100
)

// Write gives the ticket's text. It names neither deal nor account: they are bound by the signature alone.
func (t Tickets) Write(k Ticket) string {
	body := ticketForm + "." + strconv.FormatInt(k.Number, 36) + "." + strconv.FormatInt(k.Expires.Unix(), 36)
	return body + "." + base64.RawURLEncoding.EncodeToString(t.mark(k, body))
}

func (t Tickets) mark(k Ticket, body string) []byte {
	return sign.Derive(t.key, body, string(k.DealID)+"\x00"+string(k.AccountID), ticketBytes)
}

// Read gives the place a text proves for an account and a deal. A text that was altered, or written for somebody else,
// answers ErrTicket, in time that does not tell where it differs; one whose time is over ErrOldTicket.
func (t Tickets) Read(text string, deal market.DealID, account market.AccountID, now time.Time) (Ticket, error) {
	if len(text) > ticketMax {
		return Ticket{}, ErrTicket
	}
	cut := strings.LastIndexByte(text, '.')
	if cut < 0 {
		return Ticket{}, ErrTicket
	}
	body := text[:cut]
	mark, err := base64.RawURLEncoding.Strict().DecodeString(text[cut+1:])
	k := Ticket{DealID: deal, AccountID: account}
	if err != nil || !sign.Equal(mark, t.mark(k, body)) {
		return Ticket{}, ErrTicket
	}
	parts := strings.Split(body, ".")
	if len(parts) != 3 || parts[0] != ticketForm {
		return Ticket{}, ErrTicket
	}
	number, err := strconv.ParseInt(parts[1], 36, 64)
	if err != nil || number < 1 {
		return Ticket{}, ErrTicket
	}
	seconds, err := strconv.ParseInt(parts[2], 36, 64)
	if err != nil {
		return Ticket{}, ErrTicket
	}
	k.Number, k.Expires = number, time.Unix(seconds, 0).UTC()
	if !now.Before(k.Expires) {
		return Ticket{}, ErrOldTicket
	}
	return k, nil
}
