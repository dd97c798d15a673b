package tender

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/web/request"
)

// fields is the offer as it was typed: what cannot be read is shown again as it stands.
type fields struct {
	Price, Least, Most, Promised, Delivery, Branch, Note string
	Steps                                                []stepFields
	Pictures                                             []string
	Made                                                 bool
	Pressed                                              string
}

type stepFields struct{ From, Price string }

func (s stepFields) blank() bool { return strings.TrimSpace(s.From+s.Price) == "" }

// Bounds of what a form may carry; what an offer may hold is the bid's own rule.
const (
	stepsMax  = 5
	wonMax    = 1_000_000_000
	countMax  = 10_000_000
	noteMax   = 20_000
	idMax     = 100
	filesMax  = 8
	fileBytes = 12 << 20
	textBytes = 256 << 10
)

// stepField names a field of a price step.
func stepField(i int, part string) string { return "step_" + part + "_" + strconv.Itoa(i) }

// typed collects the form as it came.
func typed(f *form.Form) fields {
	v := f.Values()
	get := func(name string) string { return Shown(v.Get(name)) }
	x := fields{Price: get("unit_price"), Least: get("quantity"), Most: get("quantity_max"), Promised: get("promised_by"),
		Delivery: get("delivery"), Branch: get("branch"), Note: get("note"), Made: f.Bool("made_to_order"),
		Pressed: get("act")}
	for i := range stepsMax {
		if _, there := v[stepField(i, "from")]; !there {
			break
		}
		x.Steps = append(x.Steps, stepFields{get(stepField(i, "from")), get(stepField(i, "price"))})
	}
	for _, ref := range v["picture"] {
		if photo.Ref(ref).Check() == nil && len(x.Pictures) < filesMax {
			x.Pictures = append(x.Pictures, ref)
		}
	}
	return x
}

// Shown leaves out what a page cannot show again: controls other than line breaks.
func Shown(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}

// offer reads the form as an offer; faults of reading are the form's. What is empty is zero, which the bid's own rules
// refuse where it may not be.
func offer(f *form.Form, x fields) bid.Offer {
	won := func(name string) int64 {
		if f.Blank(name) {
			return 0
		}
		return min(max(0, f.Won(name, 0, wonMax)), wonMax)
	}
	count := func(name string) int64 {
		if f.Blank(name) {
			return 0
		}
		return min(max(0, f.Int(name, 0, countMax)), countMax)
	}
	o := bid.Offer{Delivery: bid.Delivery(f.Choice("delivery", "", string(bid.Shipping), string(bid.AtBranch))),
		UnitPrice: won("unit_price"), QuantityMin: count("quantity"), QuantityMax: count("quantity_max"),
		Note: f.Multiline("note", 0, noteMax), Evidence: x.Pictures, MadeToOrder: x.Made}
	if o.Delivery == bid.AtBranch {
		o.BranchID = market.BranchID(f.Text("branch", 0, idMax))
	}
	if !f.Blank("promised_by") {
		o.PromisedBy = EndOf(f.Date("promised_by"))
	}
	for i, s := range x.Steps {
		if !s.blank() {
			o.Steps = append(o.Steps, bid.PriceStep{From: count(stepField(i, "from")), UnitPrice: won(stepField(i, "price"))})
		}
	}
	return o
}

// EndOf is the first instant after a day in Seoul; zero for what is no day.
func EndOf(day string) time.Time {
	at, err := bizday.ParseDay(day)
	if err != nil {
		return time.Time{}
	}
	return bizday.EndOfDay(at)
}

// lastDay is the day that ends with an instant.
func lastDay(end time.Time) string { return bizday.Day(end.Add(-time.Second)) }

// fieldsOf is an offer as the form shows it.
func fieldsOf(o bid.Offer) fields {
	x := fields{Price: grouped(o.UnitPrice), Least: number(o.QuantityMin), Delivery: string(o.Delivery),
		Branch: string(o.BranchID), Note: o.Note, Pictures: slices.Clone(o.Evidence), Made: o.MadeToOrder,
		Promised: lastDay(o.PromisedBy)}
	if o.QuantityMax > 0 {
		x.Most = number(o.QuantityMax)
	}
	for _, s := range o.Steps {
		x.Steps = append(x.Steps, stepFields{number(s.From), grouped(s.UnitPrice)})
	}
	return x
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// grouped writes won as people type them: 12,900.
func grouped(n int64) string {
	digits := number(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// pressed does what a button inside the form asks for, without script.
func (x *fields) pressed() {
	name, at, _ := strings.Cut(x.Pressed, ":")
	index, err := strconv.Atoi(at)
	switch {
	case name == "add_step" && len(x.Steps) < stepsMax:
		x.Steps = append(x.Steps, stepFields{})
	case err != nil || index < 0:
	case name == "drop_step" && index < len(x.Steps):
		x.Steps = slices.Delete(x.Steps, index, index+1)
	case name == "drop_picture" && index < len(x.Pictures):
		x.Pictures = slices.Delete(x.Pictures, index, index+1)
	}
}

// KeepPictures makes photos of what was uploaded: without where they were taken, upright, in three sizes. What is no
// picture is refused beside its field, the others stay.
func (d Deps) KeepPictures(r *request.Request, f *form.Form, kept []string) ([]string, fail.List) {
	for _, file := range f.Files("pictures") {
		if len(file.Data) == 0 || len(kept) >= filesMax {
			continue
		}
		ref, err := photo.Keep(r.Context(), d.Maker, d.Media, file.Data)
		if err == nil {
			kept = append(kept, string(ref))
			continue
		}
		for _, known := range []*fail.Error{picture.ErrUnknown, picture.ErrTooLarge, picture.ErrBroken, picture.ErrBusy} {
			if errors.Is(err, known) {
				return kept, fail.List{known.On("pictures")}
			}
		}
		return kept, fail.List{picture.ErrBroken.On("pictures").Wrap(err)}
	}
	return kept, nil
}
