package payment

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
