package lookout

import (
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// Max is how many kinds of wishes one shop may follow.
const Max = 30

// Refusals.
var (
	// ErrMax refuses one more kind than a shop may follow. Args: Max.
	ErrMax = fail.New(fail.TooMany, "lookout.max")
	// ErrCategory names no category.
	ErrCategory = fail.New(fail.Invalid, "lookout.category").On("category")
	// ErrRegion names no region.
	ErrRegion = fail.New(fail.Invalid, "lookout.region").On("region")
	// ErrNotFound is a kind that the shop does not follow.
	ErrNotFound = fail.New(fail.NotFound, "lookout.not_found")
)

// Prefix of the identifiers.
const Prefix = "lko"

// Lookout is one kind of wishes that a shop follows.
type Lookout struct {
	ID         string
	MerchantID market.MerchantID
	CategoryID market.CategoryID // with all below it; "" for any
	RegionID   market.RegionID   // with all inside it; "" for anywhere
	At         time.Time
}

// Chain gives a category and those above it, the nearest first; nothing for "".
func Chain(id market.CategoryID) []market.CategoryID {
	var out []market.CategoryID
	for id != "" {
		out = append(out, id)
		cut := strings.LastIndexByte(string(id), '.')
		if cut < 0 {
			break
		}
		id = id[:cut]
	}
	return out
}

// MayAdd answers whether a shop that follows so many kinds may follow one more.
func MayAdd(followed int) error {
	if followed >= Max {
		return ErrMax.With("Max", Max)
	}
	return nil
}
