package share

import (
	"context"

	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func caseTone(v shareView) string {
	if v.Case.Mine {
		return "warn"
	}
	return ""
}

// sayOf is what the member's words are: an answer where one is waited for, else more evidence.
func sayOf(v shareView) string {
	if v.May.Reply {
		return string(escrow.SayReply)
	}
	return string(escrow.SayMore)
}

func sayHelp(ctx context.Context, v shareView) string {
	if v.May.Reply {
		return ui.L(ctx).T("share.case.reply_help")
	}
	return ui.L(ctx).T("share.case.more_help")
}
