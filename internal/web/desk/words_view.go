package desk

import (
	"errors"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/feedback"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

const wordsShown = 30

type wordsView struct {
	Asked    catalog.Satisfaction
	Words    []report.Word
	More     string
	Asks     []shopAsk // what the shop itself is asked
	Now      time.Time
	Problems request.Problems
	Failed   string // id of the question whose answer was refused
}

// shopAsk is a question to the shop, with what it is about.
type shopAsk struct {
	feedback.ShopAsk
	About string
}

func (d Deps) words(r *request.Request) error {
	return d.showWords(r, func(v *wordsView, page ui.Page) error { return r.Render(wordsPage(page, *v)) })
}

func (d Deps) showWords(r *request.Request, show func(*wordsView, ui.Page) error) error {
	shop, answered, err := d.Shop(r)
	if err != nil || answered {
		return err
	}
	v := wordsView{Now: r.Now}
	var before time.Time
	if n, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64); err == nil && n > 0 {
		before = db.FromMicros(n)
	}
	if v.Asked, err = catalog.Of(r.Context(), d.DB, "merchant:"+string(shop.ID)); err != nil {
		return err
	}
	if v.Words, err = report.Words(r.Context(), d.DB, shop.ID, before, wordsShown); err != nil {
		return err
	}
	if len(v.Words) == wordsShown {
		v.More = "/office/words?before=" + strconv.FormatInt(db.Micros(v.Words[wordsShown-1].At), 10)
	}
	if v.Asks, err = d.asks(r, shop); err != nil {
		return err
	}
	return show(&v, d.Page(r, shop, AtWords, r.Loc.T("desk.words.title")))
}

// asks are the open questions to this shop.
func (d Deps) asks(r *request.Request, shop report.Shop) ([]shopAsk, error) {
	if d.Feedback == nil {
		return nil, nil
	}
	all, err := d.Feedback.Shops(r.Context(), r.Actor)
	if err != nil {
		return nil, err
	}
	var out []shopAsk
	for _, a := range all {
		if a.MerchantID != shop.ID {
			continue
		}
		about := ""
		if month, ok := a.Month(); ok {
			about = r.Loc.T("desk.words.month", "Month", int64(month.Month()))
		} else if row, err := report.FindDeal(r.Context(), d.DB, a.Deal()); err == nil {
			about = titleOf(r.Loc, row)
		} else if !errors.Is(err, deal.ErrNotFound) {
			return nil, err
		}
		out = append(out, shopAsk{a, about})
	}
	return out, nil
}

// answerWords takes what the shop says of a campaign or a month.
func (d Deps) answerWords(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	if d.Feedback == nil {
		return right.ErrHidden
	}
	id := r.PathValue("ask")
	answer := feedback.ShopAnswer{Comment: form.Multiline("comment", 0, feedback.CommentMax),
		WouldRepeat: feedback.YesNo(form.Choice("would_repeat", "", "yes", "no"))}
	answer.Satisfaction, err = strconv.ParseInt(form.Choice("satisfaction", "1", "2", "3", "4", "5"), 10, 64)
	if formErr := form.Err(); formErr != nil {
		err = formErr
	}
	if err == nil {
		_, err = d.Feedback.GiveShop(r.Context(), r.Actor, id, answer)
	}
	if err == nil {
		r.Flash(ui.Act, "desk.words.thanks")
		return r.Redirect("/office/words")
	}
	return d.showWords(r, func(v *wordsView, page ui.Page) error {
		return r.Fail(err, func(p request.Problems) templ.Component {
			v.Problems, v.Failed = p, id
			return wordsPage(page, *v)
		})
	})
}

// problems are those of one question's form.
func (v wordsView) problems(id string) request.Problems {
	if id != v.Failed {
		return nil
	}
	return v.Problems
}

// note is what stands behind a guest's words: how it was, and whether they would come again.
func note(loc ui.Loc, w report.Word, now time.Time) string {
	text := loc.T("ui.face."+strconv.FormatInt(max(1, min(5, w.Satisfaction)), 10)) + " · " + loc.Ago(w.At, now)
	if w.WouldReturn != "" {
		text += " · " + loc.T("desk.words.return_"+w.WouldReturn)
	}
	if w.SameTreatment == "no" {
		text += " · " + loc.T("desk.words.unequal")
	}
	return text
}

// head is the sentence above the guests' words.
func (v wordsView) head(loc ui.Loc) string {
	if v.Asked.GuestsAnswered == 0 {
		return loc.T("desk.words.nobody")
	}
	return loc.T("desk.words.head", "Count", v.Asked.WouldReturn, "All", v.Asked.GuestsAnswered)
}
