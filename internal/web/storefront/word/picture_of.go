package word

import (
	"hash/fnv"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/art"
)

// Picture is a photo as the merchant gave it, or a drawing of the category where there is none.
func Picture(ref, alt string, category market.CategoryID, id string) ui.Picture {
	p := photo.Ref(ref)
	src := p.Src()
	if src == "" {
		return ui.Picture{Src: art.URL(Scene(category), seed(id)), Alt: alt, Width: 400, Height: 260}
	}
	width, height := p.Size()
	return ui.Picture{Src: src, Srcset: p.Srcset(), Sizes: "(min-width: 56rem) 36rem, 100vw", Alt: alt, Width: width,
		Height: height}
}

func seed(id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // a hash takes every byte
	return h.Sum64() % 97
}

// scenes maps categories to drawings; nothing changes it.
var scenes = map[string]string{
	"eat.korean": "bibimbap", "eat.meat": "pork", "eat.seafood": "fish", "eat.noodle": "noodle", "eat.chinese": "noodle",
	"eat.japanese": "sushi", "eat.western": "table", "eat.snack": "noodle", "eat.chicken": "chicken", "eat.bar": "beer",
	"cafe": "coffee", "cafe.bakery": "bakery", "cafe.ricecake": "ricecake", "cafe.ice": "cake", "beauty": "hair",
	"beauty.nail": "nail", "beauty.skin": "massage", "beauty.spa": "massage", "learn": "book", "learn.music": "guitar",
	"learn.art": "paint", "learn.body": "gym", "play": "film", "play.stay": "guesthouse", "play.camp": "camp",
	"play.fitness": "gym", "life": "laundry", "life.car": "bike", "shop": "shop", "shop.food": "fruit",
	"shop.mart": "vegetables", "shop.flower": "flower", "shop.drink": "beer", "shop.hobby": "book", "shop.gift": "pottery",
}

// Scene is the kind of drawing that stands for a category.
func Scene(id market.CategoryID) string {
	if scene := scenes[string(id)]; scene != "" {
		return scene
	}
	parent, _, _ := strings.Cut(string(id), ".")
	if scene := scenes[parent]; scene != "" {
		return scene
	}
	return "table"
}
