package deliver

import (
	"context"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/escrow/track"
)

// TrackOnce asks about some parcels whose time has come. The next asking is put off before the call, so that of several
// nodes one asks, and a call without an answer is made again later; the call itself stands outside any transaction.
func (d *Deliver) TrackOnce(ctx context.Context) (bool, error) {
	due, err := track.Due(ctx, d.DB, d.now(), track.ParcelsMax)
	if err != nil || len(due) == 0 {
		return false, err
	}
	var asked []track.Ask
	err = d.DB.Write(ctx, func(tx *db.Tx) (err error) {
		asked, err = track.Claim(ctx, tx, due)
		return err
	})
	if err != nil || len(asked) == 0 {
		return err == nil, err
	}
	names := make([]parcel.Name, len(asked))
	for i, a := range asked {
		names[i] = a.Name
	}
	told, err := d.Tracker.Track(ctx, names)
	if err != nil {
		d.Log.WarnContext(ctx, "no answer about parcels", "parcels", len(names), "error", err)
		return true, nil
	}
	return true, d.write(ctx, func(tx *db.Tx) error { return d.follow(ctx, tx, asked, told) })
}

// Heard takes in what carriers told by themselves, or answered, in any order, late and twice.
func (d *Deliver) Heard(ctx context.Context, told []track.Told) error {
	return d.write(ctx, func(tx *db.Tx) error { return d.follow(ctx, tx, nil, told) })
}

func (d *Deliver) follow(ctx context.Context, tx *db.Tx, asked []track.Ask, told []track.Told) error {
	var heard []escrow.Heard
	known := map[parcel.Name]parcel.Track{}
	for _, t := range told {
		for _, e := range t.Events {
			heard = append(heard, escrow.Heard{Name: t.Name, Event: e})
		}
		known[t.Name] = parcel.Fold(t.Events)
	}
	changed, err := escrow.Follow(ctx, tx, RulesAt(tx.Now()), heard)
	if err != nil {
		return err
	}
	for i, a := range asked {
		if news, told := known[a.Name]; told {
			asked[i].Track = news
		}
	}
	if err := track.Answered(ctx, tx, asked); err != nil {
		return err
	}
	return d.followed(ctx, tx, changed)
}

// followed tells members whose parcel has arrived, and asks for the reminder before silence confirms.
func (d *Deliver) followed(ctx context.Context, tx *db.Tx, changed []escrow.Share) error {
	slices.SortFunc(changed, func(a, b escrow.Share) int { return strings.Compare(string(a.OrderID), string(b.OrderID)) })
	var words []word
	escrows := map[market.WishID]escrow.Escrow{}
	for _, s := range changed {
		e, known := escrows[s.WishID]
		if !known {
			var err error
			if e, err = escrow.Find(ctx, tx, s.WishID); err != nil {
				return err
			}
			escrows[s.WishID] = e
		}
		moved(tx, s, e.MerchantID)
		if !s.DeliveredAt.IsZero() && s.DisputedAt.IsZero() {
			remindSilence(tx, s)
			words = append(words, word{share: s, seller: e.MerchantID, kind: toldDelivered, once: stamp(s.DeliveredAt),
				until: s.DueAt})
		}
	}
	return d.tell(ctx, tx, words)
}
