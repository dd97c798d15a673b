package qr

import (
	"strconv"
	"strings"

	"rsc.io/qr"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// ErrTooLong is a text that fits in no QR code of level M.
var ErrTooLong = fail.New(fail.Invalid, "qr.too_long")

// quietZone is the blank border in modules that ISO/IEC 18004 asks for.
const quietZone = 4

// bytesMax is what the largest code (version 40, level M) holds; it is checked before the library tries all versions.
const bytesMax = 2331

// Code is one QR code.
type Code struct {
	code *qr.Code
}

// Encode makes the smallest code of level M for a text; capitals, digits and " $%*+-./:" make smaller ones.
func Encode(text string) (*Code, error) {
	if len(text) > 2*bytesMax {
		return nil, ErrTooLong
	}
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, ErrTooLong.Wrap(err)
	}
	return &Code{code}, nil
}

// Size is the number of modules on a side, without the quiet zone.
func (c *Code) Size() int { return c.code.Size }

// Version is the code's size class, 1 to 40.
func (c *Code) Version() int { return (c.code.Size - 17) / 4 }

// Matrix gives the modules row by row, true being dark, without the quiet zone.
func (c *Code) Matrix() [][]bool {
	rows := make([][]bool, c.code.Size)
	for y := range rows {
		rows[y] = make([]bool, c.code.Size)
		for x := range rows[y] {
			rows[y][x] = c.code.Black(x, y)
		}
	}
	return rows
}

// SVG draws the code black on white, one unit a module, quiet zone included; title is read aloud by screen readers
// and may be empty.
func (c *Code) SVG(title string) string {
	side := strconv.Itoa(c.code.Size + 2*quietZone)
	var b strings.Builder
	b.Grow(64 + 12*c.code.Size*c.code.Size/4)
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" shape-rendering="crispEdges"`)
	b.WriteString(` viewBox="0 0 ` + side + ` ` + side + `"`)
	if title == "" {
		b.WriteString(` aria-hidden="true">`)
	} else {
		b.WriteString(` role="img"><title>` + escape(title) + `</title>`)
	}
	b.WriteString(`<path fill="#fff" d="M0 0h` + side + `v` + side + `H0z"/><path fill="#000" d="`)
	c.path(&b)
	b.WriteString(`"/></svg>`)
	return b.String()
}

// path draws every run of dark modules as a bar one module high.
func (c *Code) path(b *strings.Builder) {
	for y := range c.code.Size {
		for x := 0; x < c.code.Size; x++ {
			if !c.code.Black(x, y) {
				continue
			}
			end := x
			for c.code.Black(end, y) {
				end++
			}
			place, width := strconv.Itoa(x+quietZone)+" "+strconv.Itoa(y+quietZone), strconv.Itoa(end-x)
			b.WriteString("M" + place + "h" + width + "v1h-" + width + "z")
			x = end
		}
	}
}

func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(text)
}
