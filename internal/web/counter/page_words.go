package counter

import (
	"context"

	"github.com/dure-commerce/dure/internal/web/ui"
)

func todayTitle(ctx context.Context, v todayView) string {
	if v.Count == 0 {
		return ui.L(ctx).T("counter.today_none")
	}
	return ui.L(ctx).T("counter.today_count", "Count", v.Count)
}
