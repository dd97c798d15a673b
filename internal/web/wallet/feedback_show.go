package wallet

import (
	"strconv"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/feedback"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func (d Deps) feedbackList(r *request.Request) error {
	mine, err := d.Feedback.Mine(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	shops, err := d.Feedback.Shops(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	var asks, ours []askView
	for _, a := range mine {
		t, err := d.Wallet.Voucher(r.Context(), r.Actor, a.VoucherID)
		if err != nil {
			return err
		}
		asks = append(asks, newAskView(r.Loc, a, t.Bought, r.Now))
	}
	for _, a := range shops {
		one, err := d.shopAsk(r, a)
		if err != nil {
			return err
		}
		ours = append(ours, one)
	}
	page := r.Page(r.Loc.T("feedback.list"))
	return r.Render(feedbackListPage(page, asks, ours))
}

// ask reads a question with what it is about.
func (d Deps) ask(r *request.Request) (feedback.Ask, askView, error) {
	a, err := d.Feedback.Find(r.Context(), r.Actor, r.PathValue("ask"))
	if err != nil {
		return a, askView{}, err
	}
	t, err := d.Wallet.Voucher(r.Context(), r.Actor, a.VoucherID)
	return a, newAskView(r.Loc, a, t.Bought, r.Now), err
}

func (d Deps) feedbackShow(r *request.Request) error {
	a, view, err := d.ask(r)
	if err != nil {
		return err
	}
	if a.MayAnswer() != nil {
		return d.feedbackDone(r, "merchant:"+string(a.MerchantID), view)
	}
	// The faces on the voucher's page lead here with the one that was tapped.
	if n, err := strconv.ParseInt(r.URL.Query().Get("satisfaction"), 10, 64); err == nil {
		view.Answer.Satisfaction = n
	}
	view.Key = r.NewKey()
	return r.Render(d.askPage(r, view)(nil))
}

func (d Deps) askPage(r *request.Request, view askView) func(request.Problems) templ.Component {
	page := r.Page(r.Loc.T("feedback.title"))
	page.Back, page.Heading = "/feedback", view.Shop
	return func(p request.Problems) templ.Component {
		view.Problems = p
		return feedbackPage(page, view)
	}
}

func (d Deps) feedbackGive(r *request.Request) error {
	a, view, err := d.ask(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	view.Answer = feedback.Answer{Satisfaction: satisfaction(f), WouldReturn: answer(f, "would_return"),
		SameTreatment: answer(f, "same_treatment"), Comment: f.Multiline("comment", 0, feedback.CommentMax)}
	view.Key = r.NewKey()
	if err := f.Err(); err != nil {
		return r.Fail(err, d.askPage(r, view))
	}
	if _, err := d.Feedback.Give(r.Context(), r.Actor, a.ID, view.Answer); err != nil {
		return r.Fail(err, d.askPage(r, view))
	}
	return r.Redirect("/feedback/" + a.ID)
}

// satisfaction reads the chosen face; none is refused by the noun, in its own words.
func satisfaction(f *form.Form) int64 {
	n, err := strconv.ParseInt(f.Choice("satisfaction", "", "1", "2", "3", "4", "5"), 10, 64)
	if err != nil {
		f.Add(feedback.ErrSatisfaction.On("satisfaction"))
	}
	return n
}

func answer(f *form.Form, name string) feedback.YesNo {
	return feedback.YesNo(f.Choice(name, "", string(feedback.Yes), string(feedback.No)))
}

func (d Deps) feedbackDecline(r *request.Request) error {
	a, _, err := d.ask(r)
	if err != nil {
		return err
	}
	if _, err := d.Feedback.Decline(r.Context(), r.Actor, a.ID); err != nil {
		return err
	}
	r.Flash(ui.Quiet, "feedback.declined")
	return r.Redirect("/vouchers/" + string(a.VoucherID))
}

func (d Deps) shopAsk(r *request.Request, a feedback.ShopAsk) (askView, error) {
	titles, err := d.Wallet.Campaign(r.Context(), a.Deal())
	view := askView{Href: "/feedback/" + a.ID + "/shop", Shop: titles.MerchantName}
	view.Title = shopTitle(r.Loc, a, map[string]string{string(a.Deal()): titles.Title})
	return view, err
}

func (d Deps) feedbackShopShow(r *request.Request) error {
	a, err := d.Feedback.FindShop(r.Context(), r.Actor, r.PathValue("ask"))
	if err != nil {
		return err
	}
	view, err := d.shopAsk(r, a)
	if err != nil {
		return err
	}
	if a.MayAnswer(r.Now) != nil {
		return d.feedbackDone(r, "merchant:"+string(a.MerchantID), view)
	}
	view.Key = r.NewKey()
	return r.Render(d.shopPage(r, view)(nil))
}

func (d Deps) shopPage(r *request.Request, view askView) func(request.Problems) templ.Component {
	page := r.Page(r.Loc.T("feedback.shop_title"))
	page.Back, page.Heading = "/feedback", view.Title
	return func(p request.Problems) templ.Component {
		view.Problems = p
		return feedbackShopPage(page, view)
	}
}

func (d Deps) feedbackShopGive(r *request.Request) error {
	a, err := d.Feedback.FindShop(r.Context(), r.Actor, r.PathValue("ask"))
	if err != nil {
		return err
	}
	view, err := d.shopAsk(r, a)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	view.Shopside = feedback.ShopAnswer{Satisfaction: satisfaction(f), WouldRepeat: answer(f, "would_repeat"),
		Comment: f.Multiline("comment", 0, feedback.CommentMax)}
	view.Key = r.NewKey()
	if err := f.Err(); err != nil {
		return r.Fail(err, d.shopPage(r, view))
	}
	if _, err := d.Feedback.GiveShop(r.Context(), r.Actor, a.ID, view.Shopside); err != nil {
		return r.Fail(err, d.shopPage(r, view))
	}
	return r.Redirect("/feedback/" + a.ID + "/shop")
}

// feedbackDone thanks, and shows both figures of the shop side by side.
func (d Deps) feedbackDone(r *request.Request, subject string, view askView) error {
	both, err := d.Wallet.Satisfaction(r.Context(), subject)
	if err != nil {
		return err
	}
	page := r.Page(r.Loc.T("feedback.thanks"))
	page.Back, page.Heading = "/feedback", view.Shop
	return r.Render(feedbackDonePage(page, view, bothOf(r.Loc, both)))
}

func bothOf(loc ui.Loc, s catalog.Satisfaction) ui.Both {
	both := ui.Both{Apart: s.Apart(), GuestsNote: loc.T("feedback.answers", "Count", s.GuestsAnswered),
		ShopNote: loc.T("feedback.answers", "Count", s.ShopAnswered)}
	if s.GuestsAnswered > 0 {
		both.Guests = tenths(s.GuestsTenths())
	}
	if s.ShopAnswered > 0 {
		both.Shop = tenths(s.ShopTenths())
	}
	return both
}

func tenths(n int64) string { return strconv.FormatInt(n/10, 10) + "." + strconv.FormatInt(n%10, 10) }
