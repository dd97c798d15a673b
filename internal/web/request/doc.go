// Package request is the way from an HTTP request to a handler and back, the same for every audience.
//
// Frame.Handle wraps a handler with what all pages need: a reference number instead of a panic, security headers and
// the content policy, refusal of foreign origins, the browser's session and from it the Actor, the language, a limit on
// bodies, and the mapping of errors to statuses and pages. A handler reads its form, calls one flow and renders:
//
//	func dealEdit(d Deps) func(*request.Request) error {
//		return func(r *request.Request) error {
//			form, err := r.Form()
//			if err != nil {
//				return err
//			}
//			cmd := publish.Edit{DealID: market.DealID(r.PathValue("deal")), Title: form.Text("title", 1, 60)}
//			if err := form.Err(); err != nil {
//				return r.Fail(err, page)
//			}
//			if _, err := d.Publish.Edit(r.Context(), r.Actor, cmd); err != nil {
//				return r.Fail(err, page) // page func(request.Problems) templ.Component shows it beside the fields
//			}
//			r.Flash(ui.Act, "deal.saved")
//			return r.Redirect("/office/deals")
//		}
//	}
//	mux.Handle("POST /office/deals/{deal}", f.Handle(dealEdit(d)))
//
// It owns the names in the browser's session and the texts "request.*". It will not decide rights (flows do), read
// business tables other than who signed in, or know a page.
package request
