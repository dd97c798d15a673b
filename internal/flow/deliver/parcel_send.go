package deliver

import (
	"context"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/right"
)

// parcelsAtOnce is how many parcels are noted in one transaction.
const parcelsAtOnce = 200

// ShipCmd names what a seller sends for one wish. Naming the same parcel again changes nothing.
type ShipCmd struct {
	WishID  market.WishID
	Parcels []escrow.Sent
}

// Shipped is what became of parcels: each by itself.
type Shipped struct {
	Sent   []market.OrderID // noted now, or before
	Faults []Fault
}

// Fault is a parcel that was not noted.
type Fault struct {
	Line    int // of the sheet, from 1; 0 when the parcels came from no sheet
	OrderID market.OrderID
	Err     *fail.Error
}

// Ship notes parcels of members; a refusal of one is no refusal of the others.
func (d *Deliver) Ship(ctx context.Context, actor market.Actor, cmd ShipCmd) (Shipped, error) {
	e, err := d.sender(ctx, actor, cmd.WishID)
	if err != nil {
		return Shipped{}, err
	}
	var out Shipped
	for part := range slices.Chunk(cmd.Parcels, parcelsAtOnce) {
		answers, err := d.send(ctx, actor, e, part)
		if err != nil {
			return out, err
		}
		for _, a := range answers {
			if why, refused := fail.As(a.Err); refused {
				out.Faults = append(out.Faults, Fault{OrderID: a.OrderID, Err: why})
				continue
			}
			out.Sent = append(out.Sent, a.OrderID)
		}
	}
	return out, nil
}

// sender finds the escrow of a wish that the actor may send for.
func (d *Deliver) sender(ctx context.Context, actor market.Actor, id market.WishID) (escrow.Escrow, error) {
	e, err := escrow.Find(ctx, d.DB, id)
	if err != nil {
		return e, err
	}
	if err := right.Check(actor, right.ShareSend, right.Of(e.MerchantID)); err != nil {
		return e, err
	}
	return e, e.MayShip(e.MerchantID)
}

func (d *Deliver) send(
	ctx context.Context, actor market.Actor, e escrow.Escrow, parcels []escrow.Sent,
) (answers []escrow.Answer, err error) {
	ids := make([]market.OrderID, len(parcels))
	for i, p := range parcels {
		ids[i] = p.OrderID
	}
	err = d.write(ctx, func(tx *db.Tx) error {
		was, err := escrow.LoadShipments(ctx, tx, ids)
		if err != nil {
			return err
		}
		answers, err = escrow.Ship(ctx, tx, RulesAt(tx.Now()), escrow.Shipping{WishID: e.WishID,
			MerchantID: e.MerchantID, AccountID: actor.AccountID, Parcels: parcels})
		if err != nil {
			return err
		}
		is, err := escrow.LoadShipments(ctx, tx, ids)
		if err != nil {
			return err
		}
		return d.sent(ctx, tx, e, news(was, is))
	})
	return answers, err
}

// news are the parcels that were not there before.
func news(was, is map[market.OrderID]escrow.Shipment) (fresh []escrow.Shipment) {
	for id, s := range is {
		if s.ID != was[id].ID {
			fresh = append(fresh, s)
		}
	}
	slices.SortFunc(fresh, func(a, b escrow.Shipment) int { return strings.Compare(string(a.OrderID), string(b.OrderID)) })
	return fresh
}

// sent tells members that their parcel is on the way.
func (d *Deliver) sent(ctx context.Context, tx *db.Tx, e escrow.Escrow, fresh []escrow.Shipment) error {
	ids := make([]market.OrderID, len(fresh))
	for i, p := range fresh {
		ids[i] = p.OrderID
	}
	shares, err := escrow.LoadShares(ctx, tx, ids)
	if err != nil {
		return err
	}
	words := make([]word, 0, len(fresh))
	for _, p := range fresh {
		s := shares[p.OrderID]
		moved(tx, s, e.MerchantID)
		words = append(words, word{share: s, seller: e.MerchantID, kind: toldShipped, once: p.ID,
			carrier: p.Carrier, number: p.Number})
	}
	return d.tell(ctx, tx, words)
}

// ShipSheet notes the parcels of a seller's CSV: 주문번호, 택배사, 송장번호. A bad line refuses itself alone.
func (d *Deliver) ShipSheet(
	ctx context.Context, actor market.Actor, id market.WishID, file []byte,
) (Shipped, error) {
	e, err := d.sender(ctx, actor, id)
	if err != nil {
		return Shipped{}, err
	}
	sheet, err := parcel.ReadSheet(file)
	if err != nil {
		return Shipped{}, err
	}
	ids, err := d.orders(ctx, e.WishID)
	if err != nil {
		return Shipped{}, err
	}
	sheet = sheet.Match(ids)
	lines := map[market.OrderID]int{}
	for _, r := range sheet.Rows {
		lines[market.OrderID(r.Order)] = r.Line
	}
	out, err := d.Ship(ctx, actor, ShipCmd{WishID: id, Parcels: escrow.SentOf(sheet.Rows)})
	for i := range out.Faults {
		out.Faults[i].Line = lines[out.Faults[i].OrderID]
	}
	for _, f := range sheet.Faults {
		out.Faults = append(out.Faults, Fault{Line: f.Line, Err: f.Err})
	}
	slices.SortStableFunc(out.Faults, func(a, b Fault) int { return a.Line - b.Line })
	return out, err
}

// orders are the orders of a wish's members.
func (d *Deliver) orders(ctx context.Context, id market.WishID) (ids []string, err error) {
	for after := market.OrderID(""); ; {
		list, err := escrow.ListShares(ctx, d.DB, id, after, sharesAtOnce)
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			ids, after = append(ids, string(s.OrderID)), s.OrderID
		}
		if len(list) < sharesAtOnce {
			return ids, nil
		}
	}
}

const sharesAtOnce = 1_000
