package tender

import (
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// left words what an offer leaves the shop, a line a quantity.
func left(loc ui.Loc, list []auction.Left) []ui.Pair {
	pairs := make([]ui.Pair, len(list))
	for i, l := range list {
		pairs[i] = ui.Pair{Key: loc.T("tender.left.row", "Units", l.Units, "Price", l.UnitPrice), Value: loc.Won(l.Net()),
			Note: loc.T("tender.left.note", "Sum", l.Price, "Taken", l.Taken()), Tone: ui.Act}
	}
	return pairs
}

// leftNotes say by which rate that is reckoned, and how near it is.
func leftNotes(loc ui.Loc, list []auction.Left) []string {
	notes := []string{loc.T("tender.left.rate", "Rate", loc.Percent(list[0].CommissionBP))}
	less := int64(0)
	for _, l := range list {
		less = max(less, l.Less)
	}
	if less > 0 {
		notes = append(notes, loc.T("tender.left.less", "Less", less))
	}
	return notes
}
