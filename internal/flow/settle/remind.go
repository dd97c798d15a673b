package settle

import (
	"context"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// RemindOnce tells the owners of vouchers that end in 30, 14, 7 or 1 days (policy), a day at a time. Days that were
// missed are caught up as long as the voucher can still be used.
func (s *Settle) RemindOnce(ctx context.Context) (bool, error) {
	now := s.Now()
	run, over, err := settlement.NextRun(ctx, s.DB, settlement.RunReminders, bizday.Day(now), now)
	if err != nil || over {
		return false, err
	}
	told := 0
	for _, days := range policy.At(now).Reminder.Days {
		end := settlement.EndOn(run.Day, days)
		if !now.Before(end) {
			continue
		}
		n, err := s.remindAll(ctx, end, days)
		if err != nil {
			return false, err
		}
		told += n
	}
	return true, s.Advance(ctx, run, settlement.Progress{Done: int64(told), Over: true})
}

// remindAll tells the owners of all vouchers that end at an instant, a chunk a transaction. A letter is written once
// for each voucher and number of days, however often the run begins anew.
func (s *Settle) remindAll(ctx context.Context, end time.Time, days int) (int, error) {
	told := 0
	for after := market.VoucherID(""); ; {
		list, err := voucher.Ending(ctx, s.DB, db.Micros(end), after, vouchersAtOnce)
		if err != nil || len(list) == 0 {
			return told, err
		}
		after = list[len(list)-1].ID
		err = s.DB.Write(ctx, func(tx *db.Tx) error { return remind(ctx, tx, list, days) })
		if err != nil {
			return told, err
		}
		told += len(list)
	}
}

func remind(ctx context.Context, tx *db.Tx, list []voucher.Voucher, days int) error {
	accounts := make([]market.AccountID, len(list))
	deals := make([]market.DealID, len(list))
	for i, v := range list {
		accounts[i], deals[i] = v.AccountID, v.DealID
	}
	people, err := account.ListByIDs(ctx, tx, accounts)
	if err != nil {
		return err
	}
	to := make(map[market.AccountID]account.Account, len(people))
	for _, a := range people {
		to[a.ID] = a
	}
	terms, err := deal.LoadTerms(ctx, tx, deals)
	if err != nil {
		return err
	}
	for _, v := range list {
		a, ok := to[v.AccountID]
		if !ok {
			continue
		}
		title := ""
		if t := terms[deal.TermsKey{DealID: v.DealID, Version: v.TermsVersion}]; t != nil {
			title = t.Title
		}
		letter.Send(tx, letter.Letter{To: a.Email, Name: a.Name, Locale: a.Locale, Key: "settlement.mail.ending",
			Args: map[string]any{"Deal": title, "Until": settlement.LastDayOf(v.ValidUntil),
				"Left": settlement.Grouped(v.UnitsLeft())},
			Href: "/vouchers/" + string(v.ID), Once: "ending/" + string(v.ID) + "/" + strconv.Itoa(days)})
	}
	return nil
}
