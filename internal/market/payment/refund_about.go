package payment

import (
	"strconv"
	"strings"
)

// About finds the refund of a subject ("order" or a voucher's id) among an order's refunds, nil when there is none: a
// subject is refunded once.
func About(list []Refund, subject string) *Refund {
	for i := range list {
		if list[i].Subject == subject {
			return &list[i]
		}
	}
	return nil
}

// NextSubject names a further refund of a whole order: what an undo freed after the first one can still go back. Only
// vouchers that stand are ever in it, so that asking twice for the same ones finds none.
func NextSubject(subject string, earlier []Refund) string {
	n := 1
	for _, f := range earlier {
		if f.Subject == subject || strings.HasPrefix(f.Subject, subject+"/") {
			n++
		}
	}
	if n == 1 {
		return subject
	}
	return subject + "/" + strconv.Itoa(n)
}
