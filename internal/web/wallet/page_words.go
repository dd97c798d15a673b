package wallet

import (
	"context"
	"strconv"

	"github.com/dure-commerce/dure/internal/web/ui"
)

func codeLabel(ctx context.Context, v ticketView) string {
	if v.Ticket.Spent != "" {
		return v.Ticket.Spent
	}
	return ui.L(ctx).T("voucher.qr_label")
}

func voucherListTitle(ctx context.Context, v voucherListView) string {
	switch {
	case v.Ended:
		return ui.L(ctx).T("voucher.list_ended")
	case v.Live == 0:
		return ui.L(ctx).T("voucher.list")
	}
	return ui.L(ctx).T("voucher.list_live", "Count", v.Live)
}

func feedbackListTitle(ctx context.Context, n int) string {
	if n == 0 {
		return ui.L(ctx).T("feedback.list")
	}
	return ui.L(ctx).T("feedback.list_open", "Count", int64(n))
}

func chosenFace(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}
