package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"sync"
)

// The three writes that come in rushes go a short way: a request that is plainly right is read without the framework,
// which looks at every value by reflection. Whatever is unusual about a request, and every mistake in one, goes the
// long way, which says what is wrong; so both ways answer the same.

// shortMax bounds the body of a request that goes the short way.
const shortMax = 1 << 10

// doors is the router as the framework sees it: routes with a short way try that first.
type doors struct {
	*http.ServeMux
	short map[string]func(long http.HandlerFunc) http.HandlerFunc // by pattern
}

// HandleFunc mounts a route.
func (d doors) HandleFunc(pattern string, long func(http.ResponseWriter, *http.Request)) {
	if around, ok := d.short[pattern]; ok {
		d.ServeMux.HandleFunc(pattern, around(long))
		return
	}
	d.ServeMux.HandleFunc(pattern, long)
}

// shortWays are the routes with a short way. They are built before the framework's routes, and used after.
func (a *api) shortWays() map[string]func(http.HandlerFunc) http.HandlerFunc {
	return map[string]func(http.HandlerFunc) http.HandlerFunc{
		"POST " + Prefix + "/orders": shorten(a, readPlace, a.placeOrder,
			func(out *orderOutput) any { return &out.Body }),
		"POST " + Prefix + "/orders/{id}/payments": shorten(a, readPay, a.payOrder,
			func(out *orderOutput) any { return &out.Body }),
		"POST " + Prefix + "/redemptions": shorten(a, readRedeem, a.redeemVoucher,
			func(out *redeemOutput) any { return &out.Body }),
	}
}

// shorten puts a short way before a long one: read gives the handler's input, or false for what it does not know.
func shorten[I, O any](
	a *api, read func(*http.Request, plain) (*I, bool), handler func(context.Context, *I) (*O, error), body func(*O) any,
) func(http.HandlerFunc) http.HandlerFunc {
	return func(long http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			var in *I
			fields, ok := readShort(r)
			if ok {
				in, ok = read(r, fields)
			}
			if !ok {
				long(w, r)
				return
			}
			actor, err := a.who(r, true)
			if err != nil {
				a.writeRefusal(w, a.problemOf(r.Context(), languageOf(r), err))
				return
			}
			ctx := context.WithValue(r.Context(), actorKey{}, actor)
			out, err := handler(ctx, in)
			if err != nil {
				a.writeRefusal(w, a.problemAs(ctx, err))
				return
			}
			a.writeJSON(w, "application/json", http.StatusCreated, body(out))
		}
	}
}

// readShort reads a small body of plain values. False leaves the request as it came.
func readShort(r *http.Request) (plain, bool) {
	if r.ContentLength <= 0 || r.ContentLength > shortMax || r.Header.Get("Content-Encoding") != "" {
		return plain{}, false
	}
	if kind := r.Header.Get("Content-Type"); kind != "application/json" && kind != "" {
		return plain{}, false
	}
	if accept := r.Header.Get("Accept"); accept != "" && accept != "*/*" && accept != "application/json" {
		return plain{}, false
	}
	body := make([]byte, r.ContentLength)
	n, err := io.ReadFull(r.Body, body)
	again := io.Reader(bytes.NewReader(body[:n]))
	if err != nil {
		again = io.MultiReader(again, broken{err})
	}
	rest := r.Body
	r.Body = &readAgain{Reader: again, Closer: rest}
	if err != nil {
		return plain{}, false
	}
	return readPlain(string(body))
}

// readAgain is a body whose beginning was read already.
type readAgain struct {
	io.Reader
	io.Closer
}

// broken is the end of a body that could not be read.
type broken struct{ err error }

// Read gives the error that ended the first reading.
func (b broken) Read([]byte) (int, error) {
	if errors.Is(b.err, io.ErrUnexpectedEOF) {
		return 0, io.EOF
	}
	return 0, b.err
}

// keyed reads the idempotency key, whose bounds Keyed tells.
func keyed(r *http.Request) (Keyed, bool) {
	key := r.Header.Get("Idempotency-Key")
	return Keyed{Key: key}, len(key) >= 8 && len(key) <= 200 && isPlain(key)
}

func readPlace(r *http.Request, f plain) (in *placeInput, ok bool) {
	in = &placeInput{}
	in.Keyed, ok = keyed(r)
	in.Body.DealID = f.text("deal_id", 0, 40)
	in.Body.OptionID = f.text("option_id", 0, 40)
	in.Body.Quantity = f.number("quantity", 1, 100)
	ok = ok && r.Header.Get("Room-Ticket") == "" // who waited in a room goes the long way
	return in, ok && f.complete(3)
}

func readPay(r *http.Request, f plain) (in *payInput, ok bool) {
	in = &payInput{ID: r.PathValue("id")}
	in.Keyed, ok = keyed(r)
	in.Body.Method = f.text("method", 0, 40)
	in.Body.Instrument = f.text("instrument", 0, 40)
	ok = ok && f.complete(2) && len(in.ID) <= 40 && isPlain(in.ID) && in.Body.Method == "sandbox"
	switch in.Body.Instrument {
	case "ok", "decline", "timeout_charged":
		return in, ok
	}
	return in, false
}

func readRedeem(r *http.Request, f plain) (in *redeemInput, ok bool) {
	in = &redeemInput{}
	in.Keyed, ok = keyed(r)
	in.Body.MerchantID = f.text("merchant_id", 0, 40)
	in.Body.BranchID = f.text("branch_id", 0, 40)
	in.Body.Code = f.text("code", 0, 400)
	in.Body.Units = f.number("units", 1, 100)
	in.Body.Nonce = f.text("nonce", 8, 80)
	return in, ok && f.complete(5)
}

// writeRefusal writes a problem as the framework does.
func (a *api) writeRefusal(w http.ResponseWriter, p *Problem) {
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="dure"`)
	}
	maps.Copy(w.Header(), p.GetHeaders())
	a.writeJSON(w, "application/problem+json", p.Status, p)
}

// buffers are for answers on their way.
type buffers struct{ sync.Pool }

func (b *buffers) take() *bytes.Buffer {
	if kept, ok := b.Get().(*bytes.Buffer); ok {
		kept.Reset()
		return kept
	}
	return new(bytes.Buffer)
}

func (a *api) writeJSON(w http.ResponseWriter, kind string, status int, body any) {
	buffer := a.buffers.take()
	defer a.buffers.Put(buffer)
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		a.Log.Error("answer not written", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header()["Content-Type"] = []string{kind}
	w.WriteHeader(status)
	_, _ = w.Write(buffer.Bytes()) // the caller may have left: nothing to be done about it
}
