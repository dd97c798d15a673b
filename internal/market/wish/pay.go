package wish

// Pays reports a wish whose firm members pay now.
func (w Wish) Pays() bool { return w.State == Paying }
