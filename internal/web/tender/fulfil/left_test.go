package fulfil_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/market/bid"
)

// TestAFormSaysWhatIsLeft for the least and largest quantity and for each step, while one types and without script; not
// for what names no price.
func TestAFormSaysWhatIsLeft(t *testing.T) {
	w := open(t)
	id := w.wish(bid.InTheOpen)
	at, b := "/office/wanted/"+string(id), w.owner(potter)
	typed := []string{"unit_price", "15,000", "quantity", "5", "quantity_max", "80", "step_from_0", "40",
		"step_price_0", "14,000", "delivery", "shipping"}
	left := []string{"5개 · 한 개 15,000원", "65,100원", "40개 · 한 개 14,000원", "486,080원", "80개 · 한 개 14,000원",
		"972,160원",
		"75,000원에서 수수료와 부가세 9,900원", "12%"}
	want(t, "typing", b.Post(at+"/preview", typed...), 200, left...)
	want(t, "without script", b.Post(at, append(typed, "act", "weigh")...), 200, append(left, `value="15,000"`)...)
	want(t, "refused", b.Post(at, append(typed, "act", "place")...), 422, left...)
	for name, a := range map[string][]string{"no price": {"quantity", "5"},
		"words": {"unit_price", "싸게", "quantity", "5"}} {
		if got := b.Post(at+"/preview", a...); got.Status != 200 || got.Has("우리 가게에 남는 돈") {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
	// As many as come: the largest quantity is the one that is compared.
	want(t, "no largest", b.Post(at+"/preview", "unit_price", "15000", "quantity", "5"), 200, "12개 · 한 개 15,000원")
	if got := b.Post(at, w.offer("15000")...); got.Status != 303 {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	want(t, "one's own", b.Get(at), 200, "12개 · 한 개 15,000원", "156,240원")
	if got := w.owner(other).Get(at); got.Has("156,240원") {
		t.Error("a rival reads what is left")
	}
}
