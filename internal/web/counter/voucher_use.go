package counter

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

const (
	codeMax  = 4096 // whatever a scanner may send; the noun reads it purely
	unitsMax = 1000
)

// voucherLook tells what a scanned or typed text is. It changes nothing.
func (d Deps) voucherLook(r *request.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	code, units := f.Text("code", 1, codeMax), units(f)
	if f.Err() != nil {
		return d.refuse(r, redeem.Look{}, voucher.ErrUnknown, http.StatusNotFound)
	}
	if err := d.mayTry(r, tries(), code); err != nil {
		return d.refuseOr(r, redeem.Look{}, err)
	}
	if d.isShare(code) {
		return d.shareLook(r, code)
	}
	shop, branch, err := d.at(r)
	if err != nil {
		return err
	}
	look, err := d.Redeem.Check(r.Context(), r.Actor, redeem.CheckCmd{MerchantID: shop, BranchID: branch, Text: code,
		Units: units})
	if err != nil {
		return d.refuseOr(r, look, err)
	}
	if look.Refusal != nil {
		return d.refuse(r, look, look.Refusal, http.StatusOK)
	}
	return d.answer(r, http.StatusOK, lookSheet(r.Loc, look, question{Code: code, Units: units, Nonce: r.NewKey()}))
}

// units reads how many uses are meant, one unless said otherwise.
func units(f *form.Form) int64 {
	if f.Blank("units") {
		return 1
	}
	return f.Int("units", 1, unitsMax)
}

// mayTry bounds typed numbers; what a camera reads cannot be guessed.
func (d Deps) mayTry(r *request.Request, bound limit.Rule, code string) error {
	if s, ok := voucher.Read(code); ok && s.Face != "" || len(code) == voucher.FaceBChars || deliver.IsPassFace(code) {
		return nil
	}
	return d.Limits.Take(r.Context(), bound, string(r.Actor.AccountID))
}

// voucherUse uses a voucher: the big button. The same nonce again gives the first answer again.
func (d Deps) voucherUse(r *request.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	cmd := redeem.Cmd{Actor: r.Actor, Text: f.Text("code", 1, codeMax), Units: units(f),
		Nonce: f.Text("nonce", 0, codeMax)}
	if f.Err() != nil {
		return d.refuse(r, redeem.Look{}, voucher.ErrUnknown, http.StatusNotFound)
	}
	if err := d.mayTry(r, uses(), cmd.Text); err != nil {
		return d.refuseOr(r, redeem.Look{}, err)
	}
	if d.isShare(cmd.Text) {
		return d.shareServe(r, cmd.Text)
	}
	if cmd.MerchantID, cmd.BranchID, err = d.at(r); err != nil {
		return err
	}
	used, err := d.Redeem.Do(r.Context(), cmd)
	if err != nil {
		return d.refuseOr(r, redeem.Look{}, err)
	}
	if !r.Fragment() {
		return r.Redirect("/counter/scan?done=" + string(used.Redemption.ID))
	}
	return r.Render(sheetPart(usedSheet(r.Loc, r.Actor, used)))
}

// refuseOr shows a refusal of the voucher in the sheet; what is no fault of the voucher is an error as elsewhere.
func (d Deps) refuseOr(r *request.Request, look redeem.Look, err error) error {
	switch fail.KindOf(err) {
	case fail.Conflict, fail.Invalid, fail.Gone, fail.TooMany:
		return d.refuse(r, look, err, request.Status(fail.KindOf(err)))
	case fail.NotFound:
		if fail.CodeOf(err) == voucher.ErrUnknown.Code {
			return d.refuse(r, look, err, http.StatusNotFound)
		}
	}
	return err
}

func (d Deps) refuse(r *request.Request, look redeem.Look, why error, status int) error {
	place := ""
	if e, ok := fail.As(why); ok {
		if branch, ok := e.Args["BranchID"].(string); ok && branch != "" {
			shop, _, err := d.at(r)
			if err != nil {
				return err
			}
			if place, err = d.Redeem.PlaceName(r.Context(), shop, market.BranchID(branch)); err != nil {
				return err
			}
		}
	}
	known := refusal{Look: look, Err: why, Say: r.Say(why), Place: place, Now: r.Now}
	return d.answer(r, status, refusedSheet(r.Loc, known))
}

// useUndo takes a use back in its window.
func (d Deps) useUndo(r *request.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	id := market.RedemptionID(f.Text("redemption", 1, idMax))
	if err := f.Err(); err != nil {
		return err
	}
	if _, err := d.Redeem.FindDone(r.Context(), r.Actor, id); err != nil {
		return err
	}
	_, err = d.Redeem.Undo(r.Context(), r.Actor, redeem.UndoCmd{RedemptionID: id, Reason: r.Loc.T("counter.undo_reason")})
	if err != nil {
		return d.refuseOr(r, redeem.Look{}, err)
	}
	if r.Fragment() {
		return r.Render(sheetPart(sheetView{Kind: undoneKind, Sentence: r.Loc.T("counter.undone"), Tone: ui.Act}))
	}
	r.Flash(ui.Act, "counter.undone")
	return r.Redirect("/counter/scan")
}

const idMax = 64
