package page

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/pay"
	"github.com/dure-commerce/dure/internal/sandbox/record"
	"github.com/dure-commerce/dure/internal/sandbox/refusal"
)

//go:embed page.html style.css
var pageFiles embed.FS

const formMax = 4 << 10

// Page shows payments to their payers.
type Page struct {
	store *record.Store
	desk  *pay.Desk
	crash *fault.Crasher
	sheet *template.Template
	style []byte
	words map[string]words
}

// New reads the embedded texts and the template; an error is a mistake of ours.
func New(s *record.Store, d *pay.Desk, c *fault.Crasher) (*Page, error) {
	sheet, err := template.ParseFS(pageFiles, "page.html")
	if err != nil {
		return nil, err
	}
	style, err := pageFiles.ReadFile("style.css")
	if err != nil {
		return nil, err
	}
	catalogues, err := loadWords()
	if err != nil {
		return nil, err
	}
	return &Page{store: s, desk: d, crash: c, sheet: sheet, style: style, words: catalogues}, nil
}

// Register adds the page's routes.
func (p *Page) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /pay/style.css", p.showStyle)
	mux.HandleFunc("GET /pay/{checkout}", p.showPage)
	mux.HandleFunc("POST /pay/{checkout}", p.choose)
}

func (p *Page) showStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=300")
	_, _ = w.Write(p.style)
}

// sheet is what the template shows; Gone is the key of the reason why nothing can be paid here.
type sheet struct {
	Words       words
	Payment     pay.Payment
	Won         string
	PayLabel    string
	Instruments []string
	Gone        string
	Back        string
}

// showPage shows the order and the choices.
func (p *Page) showPage(w http.ResponseWriter, r *http.Request) {
	var payment pay.Payment
	var known bool
	var now time.Time
	err := p.store.View(r.Context(), func(at time.Time) {
		now = at
		payment, known = p.desk.FindByCheckout(r.PathValue("checkout"))
	})
	switch {
	case err != nil:
		p.write(w, r, http.StatusServiceUnavailable, payment, "gone.failed")
	case !known:
		p.write(w, r, http.StatusNotFound, payment, "gone.missing")
	case payment.Status == pay.Expired || !payment.ExpiresAt.IsZero() && !payment.ExpiresAt.After(now):
		p.write(w, r, http.StatusGone, payment, "gone.expired")
	case payment.Status != pay.Ready && payment.Status != pay.InProgress:
		p.write(w, r, http.StatusConflict, payment, "gone.done")
	default:
		p.write(w, r, http.StatusOK, payment, "")
	}
}

// choose is the payer pressing one of the two buttons.
func (p *Page) choose(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formMax)
	if err := r.ParseForm(); err != nil {
		p.write(w, r, http.StatusBadRequest, pay.Payment{}, "gone.failed")
		return
	}
	checkout, leaves := r.PathValue("checkout"), r.PostForm.Get("act") == "cancel"
	var payment pay.Payment
	var no *refusal.Refusal
	err := p.store.Do(r.Context(), func(tx *record.Tx) {
		if leaves {
			payment, no = p.desk.Abandon(tx, checkout)
		} else {
			payment, no = p.desk.Authorize(tx, checkout, r.PostForm.Get("instrument"))
		}
	})
	switch {
	case err != nil:
		p.write(w, r, http.StatusServiceUnavailable, payment, "gone.failed")
	case no != nil:
		p.write(w, r, no.Status, payment, reasonOf(no))
	case leaves:
		p.leave(w, r, payment.FailURL, url.Values{
			"code": {payment.FailureCode}, "message": {payment.FailureMessage}, "orderId": {payment.OrderID},
		})
	default:
		p.crash.Reach(fault.AuthorizeAfter)
		p.leave(w, r, payment.SuccessURL, url.Values{
			"paymentType": {"NORMAL"}, "paymentKey": {payment.Key}, "orderId": {payment.OrderID},
			"amount": {strconv.FormatInt(payment.Amount, 10)},
		})
	}
}

func reasonOf(no *refusal.Refusal) string {
	switch no.Code {
	case refusal.NotFoundPayment().Code:
		return "gone.missing"
	case refusal.NotFoundSession().Code:
		return "gone.expired"
	case refusal.AlreadyProcessed().Code, refusal.DuplicatedOrder().Code:
		return "gone.done"
	}
	return "gone.failed"
}

// leave sends the payer back to the shop with the answer in the address.
func (p *Page) leave(w http.ResponseWriter, r *http.Request, to string, answer url.Values) {
	target, err := url.Parse(to)
	if err != nil {
		p.write(w, r, http.StatusInternalServerError, pay.Payment{}, "gone.failed")
		return
	}
	q := target.Query()
	for name := range answer {
		q.Set(name, answer.Get(name))
	}
	target.RawQuery = q.Encode()
	p.protect(w, pay.Payment{})
	http.Redirect(w, r, target.String(), http.StatusSeeOther)
}

func (p *Page) write(w http.ResponseWriter, r *http.Request, status int, payment pay.Payment, gone string) {
	text := p.words[language(r, payment)]
	s := sheet{Words: text, Payment: payment, Instruments: pay.Instruments(), Gone: gone, Won: text.Won(payment.Amount)}
	s.PayLabel = text.With("page.pay", s.Won)
	if gone != "" && payment.FailURL != "" {
		s.Back = payment.FailURL
	}
	var out bytes.Buffer
	if err := p.sheet.Execute(&out, s); err != nil {
		http.Error(w, text.Get("gone.failed"), http.StatusInternalServerError)
		return
	}
	p.protect(w, payment)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes())
}

// protect sets the headers of a payment page. Browsers hold a form's redirect to form-action too, so the addresses
// the payer returns to are part of it.
func (p *Page) protect(w http.ResponseWriter, payment pay.Payment) {
	actions := "'self'"
	for _, address := range []string{payment.SuccessURL, payment.FailURL} {
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			actions += " " + u.Scheme + "://" + u.Host
		}
	}
	h := w.Header()
	h.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action "+actions)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
}
