package qr

import (
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/dure-commerce/dure/internal/kit/code"
)

// draw paints the SVG's own path, so that what is decoded is what a browser would show.
func draw(t *testing.T, svg string, scale int) image.Image {
	t.Helper()
	side := number(t, regexp.MustCompile(`viewBox="0 0 (\d+) `).FindStringSubmatch(svg)[1])
	picture := image.NewGray(image.Rect(0, 0, side*scale, side*scale))
	for i := range picture.Pix {
		picture.Pix[i] = 255
	}
	for _, bar := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`).FindAllStringSubmatch(svg, -1) {
		x, y, width := number(t, bar[1]), number(t, bar[2]), number(t, bar[3])
		for py := y * scale; py < (y+1)*scale; py++ {
			for px := x * scale; px < (x+width)*scale; px++ {
				picture.SetGray(px, py, color.Gray{})
			}
		}
	}
	return picture
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func decode(t *testing.T, picture image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatal(err)
	}
	return result.GetText()
}

func TestCodesAreReadBackAtSmallSizes(t *testing.T) {
	token, err := code.Token([]byte("seventeen bytes!!"))
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		text    string
		version int
	}{
		"token":   {token, 2},
		"digits":  {"0123456789", 1},
		"address": {"https://dure.example/v/V1ABCDEFGH", 3},
		"korean":  {"이웃과 함께 삼겹살", 2},
		"offline": {strings.Repeat("ABCDEFGH", 19) + "ABCDEF", 7},
	} {
		c, err := Encode(row.text)
		if err != nil {
			t.Fatal(err)
		}
		if c.Version() != row.version || c.Size() != 17+4*row.version || len(c.Matrix()) != c.Size() {
			t.Errorf("%s is version %d", name, c.Version())
		}
		for _, scale := range []int{2, 3, 8} {
			if got := decode(t, draw(t, c.SVG(name), scale)); got != row.text {
				t.Errorf("%s at %d pixels a module reads %q", name, scale, got)
			}
		}
	}
}

func TestMatrixAndPathAgree(t *testing.T) {
	c, err := Encode("V1ABC")
	if err != nil {
		t.Fatal(err)
	}
	picture := draw(t, c.SVG(""), 1)
	for y := range c.Size() + 2*quietZone {
		for x := range c.Size() + 2*quietZone {
			inside := x >= quietZone && y >= quietZone && x < c.Size()+quietZone && y < c.Size()+quietZone
			dark := inside && c.Matrix()[y-quietZone][x-quietZone]
			if r, _, _, _ := picture.At(x, y).RGBA(); (r == 0) != dark {
				t.Fatalf("module %d,%d differs", x, y)
			}
		}
	}
}

func TestSVGIsSoundAndPlain(t *testing.T) {
	c, err := Encode("V1ABC")
	if err != nil {
		t.Fatal(err)
	}
	svg := c.SVG(`<script>"&`)
	var any struct {
		Title string `xml:"title"`
	}
	if err := xml.Unmarshal([]byte(svg), &any); err != nil || any.Title != `<script>"&` {
		t.Errorf("%v: %s", err, svg)
	}
	for _, banned := range []string{"class=", "style=", "id=", "<script"} {
		if strings.Contains(svg, banned) {
			t.Errorf("%s stands in the picture", banned)
		}
	}
	if !strings.Contains(svg, "crispEdges") || strings.Count(svg, "<path") != 2 ||
		!strings.Contains(c.SVG(""), "aria-hidden") {
		t.Error("not drawn as agreed")
	}
	if len(svg) > 8000 {
		t.Errorf("%d bytes for a small code", len(svg))
	}
}

func TestTooLong(t *testing.T) {
	for _, n := range []int{3000, 1 << 20} {
		if _, err := Encode(strings.Repeat("a", n)); !errors.Is(err, ErrTooLong) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	if c, err := Encode(""); err != nil || c.Version() != 1 {
		t.Error(err)
	}
}

func BenchmarkEncode(b *testing.B) {
	for b.Loop() {
		c, err := Encode("V1ABCDEFGHJKMNPQRSTVWXYZ0123")
		if err != nil {
			b.Fatal(err)
		}
		_ = c.SVG("")
	}
}
