package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/web/request"
)

// Problem is an error as RFC 9457 writes it, with our code and the reason in the reader's language.
type Problem struct {
	Type     string         `json:"type" doc:"About this kind of problem."`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Code     string         `json:"code" doc:"Our stable code, such as deal.sold_out."`
	Reason   string         `json:"reason,omitempty" doc:"Why a scan was refused: the code without its prefix."`
	Detail   string         `json:"detail" doc:"A sentence for people, in the language of Accept-Language."`
	Args     map[string]any `json:"args,omitempty"`
	Errors   []Fault        `json:"errors,omitempty"`
	Instance string         `json:"instance,omitempty" doc:"Reference number to tell the operator."`
}

// Fault is one wrong field.
type Fault struct {
	Field  string `json:"field"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Error gives the code.
func (p *Problem) Error() string { return p.Code }

// GetStatus gives the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// retrySeconds is after how long to ask again when nothing else says.
const retrySeconds = 2

// GetHeaders tells those who are sent away when to come back.
func (p *Problem) GetHeaders() http.Header {
	head := http.Header{}
	if p.Status == http.StatusServiceUnavailable {
		seconds, ok := p.Args["RetryAfter"].(int)
		if !ok {
			seconds = retrySeconds
		}
		head.Set("Retry-After", strconv.Itoa(seconds))
	}
	return head
}

// ContentType marks the body as a problem.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// problemOf turns an error of a flow into a problem; what is no refusal becomes a reference number.
func (a *api) problemOf(ctx context.Context, lang string, err error) *Problem {
	words := a.Words.For(lang)
	status := request.Status(fail.KindOf(err))
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: "internal"}
	if status == http.StatusInternalServerError {
		id := a.DB.IDs().New("err")
		p.Instance, p.Detail = id[len(id)-10:], words.T("request.internal")
		level := slog.LevelError
		if gone := ctx.Err(); gone != nil && errors.Is(err, gone) {
			level = slog.LevelInfo // the caller left before the answer
		}
		a.Log.Log(ctx, level, "request failed", "reference", p.Instance, "error", err)
		return p
	}
	one, _ := fail.As(err)
	p.Code, p.Detail, p.Args = one.Code, words.Render(one.Code, one.Args), one.Args
	if reason, ok := strings.CutPrefix(one.Code, "redeem."); ok {
		p.Reason = reason
	}
	for _, each := range fail.All(err) {
		if each.Field != "" {
			p.Errors = append(p.Errors, Fault{Field: each.Field, Code: each.Code, Detail: words.Render(each.Code, each.Args)})
		}
	}
	return p
}

// problem gives the framework's own refusals (wrong types, missing values, unreadable bodies) our shape.
func (a *api) problem(ctx huma.Context, _ string, v any) (any, error) {
	model, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	words := a.Words.For(i18n.Negotiate(ctx.Header("Accept-Language"), ""))
	p := &Problem{Type: "about:blank", Title: http.StatusText(model.Status), Status: model.Status, Code: "request.invalid",
		Detail: words.T("request.invalid")}
	switch {
	case model.Status == http.StatusRequestEntityTooLarge:
		p.Code, p.Detail = "request.too_large", words.T("request.too_large")
	case model.Status >= http.StatusInternalServerError:
		p.Code, p.Detail = "internal", words.T("request.internal")
		a.Log.Error("request failed", "detail", model.Detail)
	}
	for _, e := range model.Errors {
		if e.Location == "header.Idempotency-Key" {
			p.Code, p.Detail = "idempotency.missing", words.T("idempotency.missing")
		}
		p.Errors = append(p.Errors, faultOf(words, e))
	}
	return p, nil
}
