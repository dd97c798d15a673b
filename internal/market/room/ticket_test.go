package room_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market/room"
)

func TestTickets(t *testing.T) {
	tickets := room.NewTickets(sign.Key{7})
	k := room.Ticket{DealID: "dea_1", AccountID: "acc_1", Number: 4711, Expires: noon.Add(room.TicketTime)}
	text := tickets.Write(k)
	if got, err := tickets.Read(text, "dea_1", "acc_1", noon); err != nil || got != k {
		t.Errorf("%+v %v", got, err)
	}
	if strings.Contains(text, "acc_1") || strings.Contains(text, "dea_1") {
		t.Error("the ticket tells whose it is")
	}
	last := k.Expires.Add(-time.Nanosecond)
	if _, err := tickets.Read(text, "dea_1", "acc_1", last); err != nil {
		t.Errorf("in its last moment: %v", err)
	}
	if _, err := tickets.Read(text, "dea_1", "acc_1", k.Expires); !errors.Is(err, room.ErrOldTicket) {
		t.Errorf("expired: %v", err)
	}
	for name, err := range map[string]error{
		"another account":   second(tickets.Read(text, "dea_1", "acc_2", noon)),
		"another deal":      second(tickets.Read(text, "dea_2", "acc_1", noon)),
		"ids run together":  second(tickets.Read(text, "dea_1\x00acc", "_1", noon)),
		"another key":       second(room.NewTickets(sign.Key{8}).Read(text, "dea_1", "acc_1", noon)),
		"nothing":           second(tickets.Read("", "dea_1", "acc_1", noon)),
		"no mark":           second(tickets.Read("r1.3.zzzzzz.", "dea_1", "acc_1", noon)),
		"far too long":      second(tickets.Read(strings.Repeat("a.", 4000), "dea_1", "acc_1", noon)),
		"a better place":    second(tickets.Read(strings.Replace(text, "r1.", "r1.1", 1), "dea_1", "acc_1", noon)),
		"the body repeated": second(tickets.Read(text+"."+text, "dea_1", "acc_1", noon)),
	} {
		if !errors.Is(err, room.ErrTicket) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ room.Ticket, err error) error { return err }

func TestEveryAlteredTicketIsRefused(t *testing.T) {
	tickets := room.NewTickets(sign.Key{9})
	text := tickets.Write(room.Ticket{DealID: "dea_1", AccountID: "acc_1", Number: 12, Expires: noon.Add(time.Hour)})
	rapid.Check(t, func(t *rapid.T) {
		spoilt := []byte(text)
		spoilt[rapid.IntRange(0, len(spoilt)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 6).Draw(t, "bit")
		if _, err := tickets.Read(string(spoilt), "dea_1", "acc_1", noon); !errors.Is(err, room.ErrTicket) {
			t.Fatalf("%q: %v", spoilt, err)
		}
	})
}
