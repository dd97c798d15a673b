package share_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/market/merchant/check"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

// TestEveryWordIsWritten: what members and sellers are told of shares, and of checks, has words in both languages.
func TestEveryWordIsWritten(t *testing.T) {
	words, err := i18n.New(locale.Files)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, kind := range append(deliver.Told(), deliver.ToldSellers()...) {
		keys = append(keys, "share.mail."+kind+".subject", "share.mail."+kind+".body", "share.mail."+kind+".button")
	}
	for _, kind := range deliver.Told() {
		keys = append(keys, "notice.share_"+kind, "notice.why.share_"+kind)
	}
	for _, r := range check.Results() {
		keys = append(keys, r.NameKey())
		if r != check.Down {
			keys = append(keys, "merchant.mail."+string(r)+".subject", "merchant.mail."+string(r)+".body",
				"merchant.mail."+string(r)+".button")
		}
	}
	for _, s := range []check.State{check.Waiting, check.Verified, check.Refused} {
		keys = append(keys, s.NameKey())
	}
	for _, lang := range []string{"ko", "en"} {
		for _, key := range keys {
			if !words.For(lang).Has(key) {
				t.Errorf("%s: no words for %s", lang, key)
			}
		}
	}
}
