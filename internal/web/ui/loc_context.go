package ui

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/a-h/templ"
)

// Loc speaks one language: catalogue words, won, counts and times. i18n.Localizer satisfies it.
type Loc interface {
	T(key string, kv ...any) string
	Lang() string
	Won(amount int64) string
	Count(n int64) string
	Percent(basisPoints int64) string
	Date(t, now time.Time) string
	FullDate(t time.Time) string
	DateTime(t, now time.Time) string
	Time(t time.Time) string
	Day(t time.Time) string
	Ago(t, now time.Time) string
	Until(t, now time.Time) string
}

type locKey struct{}

// WithLoc lets every component below speak loc's language; the layouts do it for a whole page.
func WithLoc(ctx context.Context, loc Loc) context.Context {
	return context.WithValue(ctx, locKey{}, loc)
}

// L gives the language of this render; without one, words come out as their catalogue keys.
func L(ctx context.Context) Loc {
	if loc, ok := ctx.Value(locKey{}).(Loc); ok {
		return loc
	}
	return mute{}
}

func word(ctx context.Context, key string, kv ...any) string { return L(ctx).T(key, kv...) }

// mute shows a missing language as bare keys and bare numbers, so that a story or test fails visibly.
type mute struct{}

func (mute) T(key string, _ ...any) string    { return key }
func (mute) Lang() string                     { return "ko" }
func (mute) Won(amount int64) string          { return grouped(amount) }
func (mute) Count(n int64) string             { return grouped(n) }
func (mute) Percent(basisPoints int64) string { return grouped(basisPoints / 100) }
func (mute) Date(t, _ time.Time) string       { return t.Format(time.DateOnly) }
func (mute) FullDate(t time.Time) string      { return t.Format(time.DateOnly) }
func (mute) DateTime(t, _ time.Time) string   { return t.Format("2006-01-02 15:04") }
func (mute) Time(t time.Time) string          { return t.Format("15:04") }
func (mute) Day(t time.Time) string           { return t.Format(time.DateOnly) }
func (mute) Ago(t, _ time.Time) string        { return t.Format("15:04") }
func (mute) Until(t, _ time.Time) string      { return t.Format("15:04") }

// Render writes a page or fragment with a status; it renders whole before the first byte, so an error can still be
// a 500.
func Render(w http.ResponseWriter, r *http.Request, status int, content templ.Component) error {
	buffer := templ.GetBuffer()
	defer templ.ReleaseBuffer(buffer)
	if err := content.Render(r.Context(), buffer); err != nil {
		return err
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	}
	w.WriteHeader(status)
	_, err := buffer.WriteTo(w)
	return err
}

// Fragment gives a component its language outside a layout: what a live region's data-src answers.
func Fragment(loc Loc, content templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return content.Render(WithLoc(ctx, loc), w)
	})
}
