package request

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Status gives the HTTP status of a kind of error.
func Status(kind fail.Kind) int {
	switch kind {
	case fail.Invalid:
		return http.StatusUnprocessableEntity
	case fail.Unauthenticated:
		return http.StatusUnauthorized
	case fail.Forbidden:
		return http.StatusForbidden
	case fail.NotFound:
		return http.StatusNotFound
	case fail.Conflict:
		return http.StatusConflict
	case fail.Gone:
		return http.StatusGone
	case fail.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fail.TooMany:
		return http.StatusTooManyRequests
	case fail.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// retrySeconds is what a page that is busy asks readers to wait.
const retrySeconds = "5"

// Problems are the refusals of one form, in the reader's language.
type Problems []ui.FieldError

// Of gives what is wrong with a field, "" when nothing is.
func (p Problems) Of(field string) string {
	for _, one := range p {
		if one.Field == field {
			return one.Message
		}
	}
	return ""
}

// Problems puts an error into the reader's words, a line a field.
func (r *Request) Problems(err error) Problems {
	var out Problems
	for _, one := range fail.All(err) {
		if message := r.say(one); out.Of(one.Field) == "" || one.Field == "" {
			out = append(out, ui.FieldError{Field: one.Field, Message: message})
		}
	}
	return out
}

// Say puts one error into the reader's words.
func (r *Request) Say(err error) string {
	if one, ok := fail.As(err); ok && one.Kind != fail.Internal {
		return r.say(one)
	}
	return r.Loc.T("request.internal")
}

func (r *Request) say(one *fail.Error) string { return r.Loc.Render(one.Code, one.Args) }

// Fail shows the form again with what was wrong. What the sender cannot mend on the form (no right, nothing there, our
// own fault) becomes an error page instead.
func (r *Request) Fail(err error, page func(Problems) templ.Component) error {
	if signInNeeded(err) {
		return err
	}
	switch kind := fail.KindOf(err); kind {
	case fail.Invalid, fail.Conflict, fail.TooLarge, fail.TooMany, fail.Unauthenticated:
		return r.RenderStatus(Status(kind), page(r.Problems(err)))
	}
	return err
}

func signInNeeded(err error) bool {
	code := fail.CodeOf(err)
	return code == "right.sign_in" || code == "account.signed_out"
}

// answer turns an error into a status and a page.
func (r *Request) answer(err error) {
	if signInNeeded(err) {
		err = r.SignInFirst()
		if err == nil {
			return
		}
	}
	if gone := r.Context().Err(); gone != nil && errors.Is(err, gone) {
		r.frame.Log.Info("the reader left before the answer", "path", r.URL.Path)
		return
	}
	status := Status(fail.KindOf(err))
	reference := ""
	if status == http.StatusInternalServerError {
		id := r.frame.DB.IDs().New("err")
		reference = id[len(id)-10:]
		r.frame.Log.Error("request failed", "reference", reference, "method", r.Method, "path", r.URL.Path, "actor",
			r.Actor.Key(), "error", err)
	}
	if status == http.StatusServiceUnavailable {
		r.W.Header().Set("Retry-After", retrySeconds)
		r.frame.Log.Warn("request refused for now", "path", r.URL.Path, "error", err)
	}
	if err := r.RenderStatus(status, r.sorry(err, status, reference)); err != nil {
		// The page about the error cannot be drawn: plain words are left.
		r.frame.Log.Error("error page failed", "reference", reference, "error", err)
		http.Error(r.W, http.StatusText(status)+" "+reference, status)
	}
}

// sorry is the page, or the fragment, about an error.
func (r *Request) sorry(err error, status int, reference string) templ.Component {
	say := ""
	if reference == "" && !errors.Is(err, ErrNoPage) {
		say = r.Say(err)
	}
	if r.Fragment() {
		if say == "" {
			say = r.Loc.T("request.internal") + " " + reference
		}
		return ui.Notice{Text: say, Tone: ui.Loss, Alert: true}
	}
	page := r.Page(r.Loc.T("request.sorry"))
	page.NoIndex = true
	switch status {
	case http.StatusForbidden, http.StatusNotFound, http.StatusGone, http.StatusTooManyRequests,
		http.StatusServiceUnavailable, http.StatusInternalServerError:
		lost := ui.Lost{Status: status, Reference: reference, Say: say}
		if status >= http.StatusTooManyRequests && r.Method == http.MethodGet {
			lost.Retry = r.URL.RequestURI()
		}
		return shellOf(page, lost)
	}
	return shellOf(page, ui.Empty{
		Page: true, Scene: "door", Title: r.Loc.T("request.sorry"), Text: say,
		Act: ui.Button{Label: r.Loc.T("request.back"), Href: r.Next(r.cameFrom(), "/")},
	})
}
