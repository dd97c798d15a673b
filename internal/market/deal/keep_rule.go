package deal

import "time"

// MayKeep answers whether people may bookmark the deal: while its page is public.
func (d Deal) MayKeep(now time.Time) error {
	if !d.Visible(now) {
		return ErrNotFound
	}
	return nil
}

// Begun reports whether people may still be told that the sale begins: while it runs.
func (d Deal) Begun(now time.Time) bool { return d.In(OnSale) && now.Before(d.EndsAt) }
