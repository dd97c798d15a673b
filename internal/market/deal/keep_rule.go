package deal

import "time"

// MayKeep answers whether people may bookmark the deal: while its page is public.
func (d Deal) MayKeep(now time.Time) error {
	if !d.Visible(now) {
		return ErrNotFound
	}
	return nil
}
