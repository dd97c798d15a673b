package api

import (
	"context"
	"net/http"
	"time"

	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/flow/replay"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// Place is where a scan happens; a token that belongs to one shop need not name it.
type Place struct {
	MerchantID string `json:"merchant_id,omitempty" maxLength:"40"`
	BranchID   string `json:"branch_id,omitempty" maxLength:"40"`
}

type checkInput struct {
	Body struct {
		Place
		Code  string `json:"code" maxLength:"400" doc:"What the QR code says, or the short code."`
		Units int64  `json:"units,omitempty" minimum:"0" maximum:"100"`
	}
}

type checkOutput struct {
	Body Check
}

// Check is what a voucher is good for, here and now.
type Check struct {
	Usable     bool      `json:"usable"`
	Reason     string    `json:"reason,omitempty" doc:"Why not."`
	Detail     string    `json:"detail,omitempty"`
	VoucherID  string    `json:"voucher_id"`
	DealID     string    `json:"deal_id"`
	Title      string    `json:"title"`
	Option     string    `json:"option"`
	UnitsLeft  int64     `json:"units_left"`
	UnitsTotal int64     `json:"units_total"`
	ValidUntil time.Time `json:"valid_until,omitzero"`
}

type redeemInput struct {
	Keyed
	Body struct {
		Place
		Code  string `json:"code" maxLength:"400"`
		Units int64  `json:"units" minimum:"1" maximum:"100"`
		Nonce string `json:"nonce" minLength:"8" maxLength:"80" doc:"Made by the device, once a scan."`
	}
}

type redeemOutput struct {
	Body Redemption
}

// Redemption is an accepted use. Won are shown to those who may see the shop's money.
type Redemption struct {
	ID         string    `json:"id"`
	VoucherID  string    `json:"voucher_id"`
	DealID     string    `json:"deal_id"`
	MerchantID string    `json:"merchant_id"`
	BranchID   string    `json:"branch_id"`
	Units      int64     `json:"units"`
	UnitsLeft  int64     `json:"units_left"`
	State      string    `json:"state" doc:"accepted or annulled"`
	At         time.Time `json:"at"`
	Again      bool      `json:"again" doc:"This very scan was accepted before."`
	Won        *Won      `json:"won,omitempty"`
}

// Won is what a use earned.
type Won struct {
	Price         int64 `json:"price"`
	Commission    int64 `json:"commission"`
	CommissionVAT int64 `json:"commission_vat"`
	Net           int64 `json:"net"`
}

type undoInput struct {
	Keyed
	ID   string `path:"id" maxLength:"40"`
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"200"`
	} `required:"false"`
}

// errPlace asks which shop is meant when the caller belongs to several.
var errPlace = fail.New(fail.Invalid, "redeem.which_shop")

func (a *api) redemptionRoutes() {
	post(a, "/redemptions/check", "Look at a voucher; changes nothing", a.checkVoucher)
	post(a, "/redemptions", "Use a voucher", a.redeemVoucher, status(http.StatusCreated))
	post(a, "/redemptions/{id}/undo", "Take a use back in its window", a.undoRedemption)
}

// place fills in the only shop of the caller.
func place(actor market.Actor, given Place) (market.MerchantID, market.BranchID, error) {
	merchant, branch := market.MerchantID(given.MerchantID), market.BranchID(given.BranchID)
	if merchant == "" {
		switch {
		case len(actor.Memberships) == 0 && actor.Staff == "":
			return "", "", right.ErrForbidden // a buyer has no shop to name
		case len(actor.Memberships) != 1:
			return "", "", errPlace.On("merchant_id")
		}
		merchant = actor.Memberships[0].MerchantID
	}
	if member, ok := actor.Membership(merchant); ok && branch == "" {
		branch = member.BranchID
	}
	return merchant, branch, nil
}

func (a *api) checkVoucher(ctx context.Context, in *checkInput) (*checkOutput, error) {
	actor := actorOf(ctx)
	merchant, branch, err := place(actor, in.Body.Place)
	if err != nil {
		return nil, err
	}
	look, err := a.Redeem.Check(ctx, actor, redeem.CheckCmd{MerchantID: merchant, BranchID: branch, Text: in.Body.Code,
		Units: in.Body.Units})
	if err != nil {
		return nil, err
	}
	v := look.Voucher
	out := Check{Usable: look.Refusal == nil, VoucherID: string(v.ID), DealID: string(v.DealID), Title: look.Terms.Title,
		Option: look.Option.Name, UnitsLeft: v.UnitsLeft(), UnitsTotal: v.UnitsTotal, ValidUntil: v.ValidUntil}
	if look.Refusal != nil {
		p := a.problemOf(ctx, actor.Locale, look.Refusal)
		out.Reason, out.Detail = p.Reason, p.Detail
	}
	return &checkOutput{Body: out}, nil
}

func (a *api) redeemVoucher(ctx context.Context, in *redeemInput) (*redeemOutput, error) {
	actor := actorOf(ctx)
	merchant, branch, err := place(actor, in.Body.Place)
	if err != nil {
		return nil, err
	}
	done, err := a.Redeem.Do(ctx, redeem.Cmd{Actor: actor, MerchantID: merchant, BranchID: branch, Text: in.Body.Code,
		Units: in.Body.Units, Nonce: in.Body.Nonce})
	if err != nil {
		return nil, err
	}
	out := redemptionOf(actor, done.Redemption)
	out.UnitsLeft, out.Again = done.Voucher.UnitsLeft(), done.Again
	return &redeemOutput{Body: out}, nil
}

func redemptionOf(actor market.Actor, x voucher.Redemption) Redemption {
	out := Redemption{ID: string(x.ID), VoucherID: string(x.VoucherID), DealID: string(x.DealID),
		MerchantID: string(x.MerchantID), BranchID: string(x.BranchID), Units: x.Units, State: string(x.State), At: x.At}
	if right.Can(actor, right.RedemptionMoney, right.At(x.MerchantID, x.BranchID)) {
		out.Won = &Won{Price: x.Price, Commission: x.Commission, CommissionVAT: x.CommissionVAT, Net: x.Net}
	}
	return out
}

func (a *api) undoRedemption(ctx context.Context, in *undoInput) (*redeemOutput, error) {
	actor := actorOf(ctx)
	cmd := replay.Command{Actor: actor, Step: "api.undo", Key: in.Key, Body: []any{in.ID, in.Body}}
	out, err := replay.Do(ctx, a.answers, cmd, func(ctx context.Context) (Redemption, error) {
		x, err := a.Redeem.Undo(ctx, actor, redeem.UndoCmd{RedemptionID: market.RedemptionID(in.ID), Reason: in.Body.Reason})
		if err != nil {
			return Redemption{}, err
		}
		v, err := voucher.Find(ctx, a.DB, x.VoucherID)
		done := redemptionOf(actor, x)
		done.UnitsLeft = v.UnitsLeft()
		return done, err
	})
	return &redeemOutput{Body: out}, err
}
