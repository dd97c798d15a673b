package follow

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/notice"
	"github.com/dure-commerce/dure/internal/market/policy"
)

// forgetAtOnce bounds one step, so that it never keeps the writer for long.
const forgetAtOnce = 500

// ForgetOnce deletes notices that are older than the policy of today keeps them, a few hundred a step, and reports
// whether it deleted any. It looks before it takes the writer: an idle node writes nothing.
func (f *Follow) ForgetOnce(ctx context.Context) (worked bool, err error) {
	now := f.DB.Clock().Now()
	border := policy.At(now).Notice.Border(now)
	if any, err := notice.AnyBefore(ctx, f.DB, border); err != nil || !any {
		return false, err
	}
	var gone int64
	err = f.DB.Write(ctx, func(tx *db.Tx) (err error) {
		gone, err = notice.Forget(ctx, tx, border, forgetAtOnce)
		return err
	})
	return gone > 0, err
}
