package picture

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"

	"golang.org/x/image/draw"
)

const (
	jpegQuality = 82
	// tallest bounds a rendition's height as a multiple of its width, so that a strip costs no more than a picture.
	tallest = 3
)

// widths are the sizes made, in pixels: a card on a phone, a page on a phone, a page on a desk.
func widths() []int { return []int{480, 960, 1440} }

// renditions scales from large to small, each from the one before, and turns each upright when it is already small.
func renditions(ctx context.Context, original image.Image, turn int) ([]Rendition, error) {
	var made []Rendition
	source := original
	targets := targetsFor(upright(original.Bounds().Size(), turn))
	for i := len(targets) - 1; i >= 0; i-- {
		if err := ctx.Err(); err != nil {
			return nil, ErrBusy.Wrap(err)
		}
		scaled := scale(source, upright(targets[i], turn))
		turned := turnUpright(scaled, turn)
		var out bytes.Buffer
		if err := jpeg.Encode(&out, turned, &jpeg.Options{Quality: jpegQuality}); err != nil {
			return nil, ErrBroken.Wrap(err)
		}
		size := turned.Bounds().Size()
		made = append([]Rendition{{size.X, size.Y, out.Bytes()}}, made...)
		source = scaled
	}
	return made, nil
}

// targetsFor gives the sizes to make of an upright picture, the smallest first; nothing is ever enlarged.
func targetsFor(size image.Point) []image.Point {
	var targets []image.Point
	for _, width := range widths() {
		target := fitted(size, width)
		targets = append(targets, target)
		if target == size {
			break
		}
	}
	return targets
}

// fitted shrinks a size into width by tallest*width, keeping its shape and at least one pixel.
func fitted(size image.Point, width int) image.Point {
	w, h := min(size.X, width), size.Y
	if size.X > width {
		h = size.Y * width / size.X
	}
	if limit := tallest * width; h > limit {
		w, h = size.X*limit/size.Y, limit
	}
	return image.Pt(max(w, 1), max(h, 1))
}

// scale draws a picture onto white in the given size. It halves while it can, which averages every pixel and is
// cheap, and leaves only the last step to the careful kernel.
func scale(source image.Image, size image.Point) *image.RGBA {
	for {
		now := source.Bounds().Size()
		if now.X < 2*size.X || now.Y < 2*size.Y {
			break
		}
		source = drawn(source, image.Pt(now.X/2, now.Y/2), draw.ApproxBiLinear)
	}
	return drawn(source, size, draw.CatmullRom)
}

func drawn(source image.Image, size image.Point, kernel draw.Interpolator) *image.RGBA {
	canvas := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(canvas, canvas.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	if size == source.Bounds().Size() {
		draw.Draw(canvas, canvas.Bounds(), source, source.Bounds().Min, draw.Over)
		return canvas
	}
	kernel.Scale(canvas, canvas.Bounds(), source, source.Bounds(), draw.Over, nil)
	return canvas
}

// upright swaps width and height for the four orientations that lie on their side; it is its own inverse.
func upright(size image.Point, turn int) image.Point {
	if turn >= 5 {
		return image.Pt(size.Y, size.X)
	}
	return size
}

// turnUpright applies an Exif orientation (Exif 2.32, tag 0x0112): 2 to 4 mirror and turn around, 5 to 8 also swap
// the sides.
func turnUpright(source *image.RGBA, turn int) *image.RGBA {
	if turn <= 1 {
		return source
	}
	from := source.Bounds().Size()
	to := upright(from, turn)
	out := image.NewRGBA(image.Rectangle{Max: to})
	for y := range to.Y {
		for x := range to.X {
			sx, sy := x, y
			switch turn {
			case 2:
				sx = from.X - 1 - x
			case 3:
				sx, sy = from.X-1-x, from.Y-1-y
			case 4:
				sy = from.Y - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, from.Y-1-x
			case 7:
				sx, sy = from.X-1-y, from.Y-1-x
			case 8:
				sx, sy = from.X-1-y, x
			}
			copy(out.Pix[out.PixOffset(x, y):][:4], source.Pix[source.PixOffset(sx, sy):][:4])
		}
	}
	return out
}
