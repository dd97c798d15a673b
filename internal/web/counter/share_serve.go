package counter

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// isShare tells whether a text is the code of a member of a wish, who is handed over what was bought together.
func (d Deps) isShare(code string) bool { return d.Deliver != nil && deliver.IsPass(code) }

func (d Deps) serving(r *request.Request, code string) (deliver.ServeCmd, error) {
	shop, branch, err := d.at(r)
	return deliver.ServeCmd{MerchantID: shop, BranchID: branch, Text: code}, err
}

// shareLook tells what a member's code is good for. It changes nothing.
func (d Deps) shareLook(r *request.Request, code string) error {
	cmd, err := d.serving(r, code)
	if err != nil {
		return err
	}
	look, err := d.Deliver.LookServe(r.Context(), r.Actor, cmd)
	if err != nil {
		return d.refuseShare(r, err)
	}
	v := shareSheet(r.Loc, look)
	switch {
	case look.Again:
		v.Kind, v.Chip, v.Tone, v.Sentence = refusedKind, r.Loc.T("counter.unusable"), ui.Loss, r.Loc.T("counter.share.again")
	case look.Refusal != nil:
		v.Kind, v.Chip, v.Tone, v.Sentence = refusedKind, r.Loc.T("counter.unusable"), ui.Loss, sayShare(r, look.Refusal)
	default:
		v.Kind, v.Chip, v.Tone = usableKind, r.Loc.T("counter.usable"), ui.Act
		v.Ask, v.UnitsMax = question{Code: code, Units: 1, Nonce: r.NewKey()}, 1
		v.Do = r.Loc.T("counter.share.do")
	}
	return d.answer(r, http.StatusOK, v)
}

// shareServe hands over: the same code again answers the same.
func (d Deps) shareServe(r *request.Request, code string) error {
	cmd, err := d.serving(r, code)
	if err != nil {
		return err
	}
	done, err := d.Deliver.Serve(r.Context(), r.Actor, cmd)
	if err != nil {
		return d.refuseShare(r, err)
	}
	v := shareSheet(r.Loc, done)
	v.Kind, v.Chip, v.Tone, v.Sentence = doneKind, r.Loc.T("counter.share.chip"), ui.Act, r.Loc.T("counter.share.done")
	if done.Again {
		v.Sentence = r.Loc.T("counter.share.again")
	}
	if right.Can(r.Actor, right.RedemptionMoney, right.At(cmd.MerchantID, cmd.BranchID)) {
		v.Detail += dot + r.Loc.T("counter.earned", "Won", done.Net)
	}
	return d.answer(r, http.StatusOK, v)
}

func shareSheet(loc ui.Loc, x deliver.Handed) sheetView {
	return sheetView{Title: x.Wish, Guest: guestName(loc, x.Guest),
		Detail: loc.T("counter.share.title") + dot + loc.T("counter.share.units", "Count", x.Quantity)}
}

// refuseShare shows why nothing can be handed over; what is no fault of the code is an error as elsewhere.
func (d Deps) refuseShare(r *request.Request, err error) error {
	kind := fail.KindOf(err)
	switch kind {
	case fail.Conflict, fail.Invalid, fail.Gone, fail.TooMany:
	default:
		if fail.CodeOf(err) != deliver.ErrPass.Code {
			return err
		}
	}
	return d.answer(r, request.Status(kind), sheetView{Kind: refusedKind, Chip: r.Loc.T("counter.unusable"), Tone: ui.Loss,
		Sentence: sayShare(r, err)})
}

// sayShare words a refusal for who stands at the counter: where the share stands, where that is what forbids it.
func sayShare(r *request.Request, err error) string {
	if e, ok := fail.As(err); ok && e.Is(escrow.ErrState) {
		if state, ok := e.Args["State"].(string); ok {
			return r.Loc.T("counter.share.state." + state)
		}
	}
	return r.Say(err)
}
