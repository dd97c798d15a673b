package poster_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/web/ui/poster"
)

func noodle() poster.Card {
	return poster.Card{Brand: "두레", Title: "손칼국수 두 그릇에 만두 한 접시", Price: "19,900원", Off: "38%",
		Foot: "할매손칼국수 · 성수동", Say: "7명 더", Goal: 30, Paid: 23}
}

func paint(t *testing.T, p *poster.Painter, key string, card poster.Card) (image.Image, []byte) {
	t.Helper()
	file, err := p.PNG(context.Background(), key, func() (poster.Card, error) { return card, nil })
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(file))
	if err != nil || picture.Bounds() != image.Rect(0, 0, poster.Width, poster.Height) {
		t.Fatalf("%v %v", picture, err)
	}
	if folder := os.Getenv("POSTERS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, key+".png"), file, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return picture, file
}

// count is how many points of a part have a colour.
func count(picture image.Image, where image.Rectangle, colour color.RGBA) int {
	n := 0
	for y := where.Min.Y; y < where.Max.Y; y++ {
		for x := where.Min.X; x < where.Max.X; x++ {
			if color.RGBAModel.Convert(picture.At(x, y)) == colour {
				n++
			}
		}
	}
	return n
}

var (
	left      = image.Rect(0, 0, 740, 630)
	right     = image.Rect(740, 0, 1200, 630)
	gap       = image.Rect(680, 0, 740, 630)
	persimmon = color.RGBA{0xd9, 0x48, 0x0f, 0xff}
	paper     = color.RGBA{0xfa, 0xf7, 0xf2, 0xff}
)

func TestACardSaysItsWordsWithinItsRoom(t *testing.T) {
	p := poster.NewPainter()
	long := noodle()
	long.Title, long.Price = strings.Repeat("뚝배기똠얌꿍", 20), "1,987,654,321,000원"
	long.Foot = strings.Repeat("아주 오래된 ", 20)
	empty := poster.Card{Brand: "두레"}
	odd := noodle()
	odd.Title, odd.Say = "🍜🍜 \u202e\x00 ", "1,234,567,890명 더"
	for name, card := range map[string]poster.Card{"normal": noodle(), "long": long, "empty": empty, "odd": odd} {
		picture, _ := paint(t, p, name, card)
		if n := count(picture, gap, paper); n != gap.Dx()*gap.Dy() {
			t.Errorf("%s: %d points of ink beside the words' room", name, gap.Dx()*gap.Dy()-n)
		}
		if n := count(picture, left, paper); n == left.Dx()*left.Dy() {
			t.Errorf("%s: nothing is written", name)
		}
	}
}

func TestTheRingIsFilledByPaymentsAlone(t *testing.T) {
	p := poster.NewPainter()
	beads := func(paid int64) int {
		card := noodle()
		card.Paid = paid
		picture, _ := paint(t, p, strings.Repeat("p", int(paid)+1), card)
		return count(picture, right, persimmon)
	}
	none, one, almost, all := beads(0), beads(1), beads(29), beads(30)
	if none != 0 || one == 0 || almost <= one || all <= almost {
		t.Errorf("none %d, one %d, all but one %d, all %d", none, one, almost, all)
	}
}

func TestAPhotoFillsItsSideAndPicturesAreKept(t *testing.T) {
	p := poster.NewPainter()
	photo := image.NewRGBA(image.Rect(0, 0, 300, 100))
	for i := range photo.Pix {
		photo.Pix[i] = 0x80
		if i%4 == 3 {
			photo.Pix[i] = 0xff
		}
	}
	card := noodle()
	card.Photo = photo
	picture, file := paint(t, p, "photo", card)
	if picture.At(1199, 629) != color.Color(color.RGBA{0x80, 0x80, 0x80, 0xff}) {
		t.Errorf("the corner is %v", picture.At(1199, 629))
	}
	again, err := p.PNG(context.Background(), "photo", func() (poster.Card, error) {
		return poster.Card{}, errors.New("drawn twice")
	})
	if err != nil || !bytes.Equal(again, file) {
		t.Error(err)
	}
	gone, stop := context.WithCancel(context.Background())
	stop()
	if _, err := p.PNG(gone, "photo", nil); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
