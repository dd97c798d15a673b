// Package ui is the product's design system: tokens, layouts and parts, from which every page is put together.
//
// A page needs no style or script of its own. It picks a layout, arranges parts with the few layout words of
// asset/src/css/layout.css (stack, row, tiles, cols, …) and says what it has to say through its own catalogue:
//
//	templ DealPage(page ui.Page, deal View) {
//		@ui.Shell(page) {
//			<div class="cols">
//				@ui.Picture{Src: deal.Photo, Alt: deal.PhotoAlt, Shape: "round stick", Eager: true}
//				<div class="stack gap-5">
//					<h1>{ deal.Title }</h1>
//					@ui.Price{Now: 19900, List: 32000, Off: 38}
//					@ui.Card(ui.CardOf{}) {
//						@ui.Meter{Goal: 30, Paid: 23, Say: "7명", Sub: "더 모이면 열려요"}
//					}
//				</div>
//			</div>
//			@ui.Dock() {
//				@ui.Button{Label: "19,900원에 함께하기", Look: ui.Primary, Href: deal.JoinHref}
//			}
//		}
//	}
//
//	err := ui.Render(w, r, http.StatusOK, DealPage(page, view))
//
// Two forms, and no third: a part without content of the page's own is a struct, written @ui.Button{...}; a part that
// wraps content is a function with children, written @ui.Card(ui.CardOf{...}) { ... }. Parts find their language in
// the context, where the layouts put Page.Loc; a fragment outside a layout is wrapped in Fragment.
//
// Live regions: wrap what changes in Live with its topic and the address of the fragment, and name the topic in
// Page.LiveTopics. Forms: FormOf with the idempotency key, Field for every question, FieldError for the summary.
//
// The package owns internal/web/ui and its files under /assets/ and /art/. It will not fetch data, know a rule, write
// a sentence about a deal, or allow a style attribute or inline script: the content security policy refuses both.
package ui
