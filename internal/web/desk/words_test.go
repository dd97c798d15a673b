package desk

import (
	"testing"

	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

func TestWordsAreSoundInBothLanguages(t *testing.T) {
	if err := i18n.CheckCatalogues(locale.Files); err != nil {
		t.Error(err)
	}
}
