package wallet

import (
	"github.com/dure-commerce/dure/internal/flow/refund"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func (d Deps) voucherList(r *request.Request) error {
	ended := r.URL.Query().Get("show") == "ended"
	list, err := d.Wallet.Vouchers(r.Context(), r.Actor)
	live := int64(len(list.List))
	if err == nil && ended {
		list, err = d.Wallet.Ended(r.Context(), r.Actor, market.VoucherID(r.URL.Query().Get("before")))
	}
	if err != nil {
		return err
	}
	view := voucherListView{Ended: ended, Live: live, Lines: make([]lineView, len(list.List))}
	for i, s := range list.List {
		view.Lines[i] = voucherLine(r.Loc, s, r.Now)
	}
	if ended && list.More {
		view.Pager.After = "/vouchers?show=ended&before=" + string(list.List[len(list.List)-1].ID)
	}
	page := r.Page(r.Loc.T("voucher.list"))
	page.LiveTopics = []string{"account:" + string(r.Actor.AccountID)}
	return r.Render(voucherListPage(page, view))
}

type voucherListView struct {
	Ended bool
	Live  int64
	Lines []lineView
	Pager ui.Pager
}

// keepHeader tells the service worker that this page may be kept for its holder.
const keepHeader = "Dure-Keep"

func (d Deps) voucherShow(r *request.Request) error {
	t, err := d.Wallet.Voucher(r.Context(), r.Actor, market.VoucherID(r.PathValue("voucher")))
	if err != nil {
		return err
	}
	view, err := newTicketView(r.Loc, t, r.Now)
	if err != nil {
		return err
	}
	page := r.Page(t.Bought.Title)
	page.LiveTopics = []string{"voucher:" + view.ID}
	if t.Mine {
		r.W.Header().Set(keepHeader, "page")
		page.Worker, page.WorkerScope = workerPath, workerScope
		page.Scripts = []string{"voucher.js"}
	}
	return r.Render(ticketPage(page, view))
}

// voucherPart is the live region of a voucher's page.
func (d Deps) voucherPart(r *request.Request) error {
	t, err := d.Wallet.Voucher(r.Context(), r.Actor, market.VoucherID(r.PathValue("voucher")))
	if err != nil {
		return err
	}
	view, err := newTicketView(r.Loc, t, r.Now)
	if err != nil {
		return err
	}
	return r.Render(ui.Fragment(r.Loc, ticketPart(view)))
}

func (d Deps) voucherOf(r *request.Request) refundOf {
	id := market.VoucherID(r.PathValue("voucher"))
	return refundOf{
		back: "/vouchers/" + string(id),
		look: func() (refund.Preview, error) { return d.Refunds.LookVoucher(r.Context(), r.Actor, id) },
		title: func() (string, error) {
			t, err := d.Wallet.Voucher(r.Context(), r.Actor, id)
			return t.Bought.Title, err
		},
		do: func() error { _, err := d.Refunds.CancelVoucher(r.Context(), r.Actor, id); return err },
	}
}

func (d Deps) voucherRefundLook(r *request.Request) error { return d.refundLook(r, d.voucherOf(r)) }

func (d Deps) voucherRefund(r *request.Request) error { return d.refundDo(r, d.voucherOf(r)) }
