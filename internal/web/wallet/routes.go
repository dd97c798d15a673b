package wallet

import (
	"net/http"

	feedbackflow "github.com/dure-commerce/dure/internal/flow/feedback"
	"github.com/dure-commerce/dure/internal/flow/refund"
	"github.com/dure-commerce/dure/internal/flow/settle/interest"
	walletflow "github.com/dure-commerce/dure/internal/flow/wallet"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/request"
)

// Deps are what the pages work with.
type Deps struct {
	Frame    *request.Frame
	Wallet   *walletflow.Wallet
	Refunds  *refund.Refunds
	Interest *interest.Interest // nil mounts no page of it
	Feedback *feedbackflow.Feedback
	// PayHref gives the address at which an order that is held is paid.
	PayHref func(id market.OrderID) string
}

// Routes mounts every address of the wallet.
func Routes(mux *http.ServeMux, d Deps) {
	f := d.Frame
	mux.Handle("GET /orders", f.Signed(d.orderList))
	mux.Handle("GET /orders/{order}", f.Signed(d.orderShow))
	mux.Handle("GET /orders/{order}/refund", f.Signed(d.orderRefundLook))
	mux.Handle("POST /orders/{order}/refund", f.Signed(d.orderRefund))

	if d.Interest != nil {
		mux.Handle("GET /interest", f.Signed(d.interestShow))
		mux.Handle("POST /interest", f.Signed(d.interestName))
	}

	mux.Handle("GET /vouchers", f.Signed(d.voucherList))
	mux.Handle("GET /vouchers/{voucher}", f.Signed(d.voucherShow))
	mux.Handle("GET /vouchers/{voucher}/part", f.Signed(d.voucherPart))
	mux.Handle("GET /vouchers/{voucher}/refund", f.Signed(d.voucherRefundLook))
	mux.Handle("POST /vouchers/{voucher}/refund", f.Signed(d.voucherRefund))
	mux.HandleFunc("GET /vouchers/worker.js", serveWorker)

	mux.Handle("GET /feedback", f.Signed(d.feedbackList))
	mux.Handle("GET /feedback/{ask}", f.Signed(d.feedbackShow))
	mux.Handle("POST /feedback/{ask}", f.Signed(d.feedbackGive))
	mux.Handle("POST /feedback/{ask}/decline", f.Signed(d.feedbackDecline))
	mux.Handle("GET /feedback/{ask}/shop", f.Signed(d.feedbackShopShow))
	mux.Handle("POST /feedback/{ask}/shop", f.Signed(d.feedbackShopGive))
}
