package picture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// What Make answers besides pictures.
var (
	ErrUnknown  = fail.New(fail.Invalid, "picture.unknown")
	ErrTooLarge = fail.New(fail.TooLarge, "picture.too_large")
	ErrBroken   = fail.New(fail.Invalid, "picture.broken")
	ErrBusy     = fail.New(fail.Unavailable, "picture.busy")
)

// The limits that hold when Limits leave them at zero.
const (
	BytesMaxDefault  = 12 << 20
	PixelsMaxDefault = 24_000_000 // as bitmap about 100 MB, twice that for a progressive JPEG
	sideMax          = 16_384     // a thin strip within the pixel limit is no picture
)

// Limits bound what one picture may cost; zero values mean the defaults, and one picture at a time.
type Limits struct {
	Bytes    int
	Pixels   int
	Together int // how many pictures are worked on at once
}

// Rendition is one size of a picture, ready to be stored.
type Rendition struct {
	Width, Height int // pixels
	JPEG          []byte
}

// Maker makes pictures, few at a time; it is safe for concurrent use.
type Maker struct {
	limits Limits
	slots  chan struct{}
}

// NewMaker gives a maker with the given limits.
func NewMaker(limits Limits) *Maker {
	if limits.Bytes <= 0 {
		limits.Bytes = BytesMaxDefault
	}
	if limits.Pixels <= 0 {
		limits.Pixels = PixelsMaxDefault
	}
	if limits.Together <= 0 {
		limits.Together = 1
	}
	return &Maker{limits, make(chan struct{}, limits.Together)}
}

// Make gives the renditions of an uploaded file, the smallest first: 480, 960 and 1440 pixels wide, or fewer if the
// original is smaller. It waits for its turn until ctx ends (ErrBusy) and answers ErrUnknown, ErrTooLarge or ErrBroken
// for files it will not take.
func (m *Maker) Make(ctx context.Context, data []byte) ([]Rendition, error) {
	if len(data) > m.limits.Bytes {
		return nil, ErrTooLarge
	}
	format, ok := sniff(data)
	if !ok {
		return nil, ErrUnknown
	}
	if err := m.measure(format, data); err != nil {
		return nil, err
	}
	select {
	case m.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ErrBusy.Wrap(ctx.Err())
	}
	defer func() { <-m.slots }()
	original, err := guarded(func() (image.Image, error) { return format.decode(data) })
	if err != nil {
		return nil, err
	}
	// Decoders are held to what the header said, since that is what was measured.
	if size := original.Bounds().Size(); size.X <= 0 || size.Y <= 0 || size.X*size.Y > m.limits.Pixels {
		return nil, ErrTooLarge
	}
	return renditions(ctx, original, orientation(format.name, data))
}

// measure reads the header only: the pixel limit must hold before any memory is taken for pixels.
func (m *Maker) measure(format format, data []byte) error {
	config, err := guarded(func() (image.Config, error) { return format.config(data) })
	switch {
	case err != nil:
		return err
	case config.Width <= 0 || config.Height <= 0:
		return ErrBroken
	case config.Width > sideMax || config.Height > sideMax || config.Width*config.Height > m.limits.Pixels:
		return ErrTooLarge
	}
	return nil
}

// guarded runs a decoder on hostile bytes: an error or a panic in it is the file's fault, not ours.
func guarded[T any](decode func() (T, error)) (result T, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = ErrBroken.Wrap(fmt.Errorf("decoder: %v", cause))
		}
	}()
	result, err = decode()
	if err != nil {
		return result, ErrBroken.Wrap(err)
	}
	return result, nil
}

// format is one kind of file that is read.
type format struct {
	name   string
	config func([]byte) (image.Config, error)
	decode func([]byte) (image.Image, error)
}

// sniff knows a file by its first bytes; what the browser claims is not asked.
func sniff(data []byte) (format, bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return format{"jpeg", reading(jpeg.DecodeConfig), reading(jpeg.Decode)}, true
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return format{"png", reading(png.DecodeConfig), reading(png.Decode)}, true
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return format{"gif", reading(gif.DecodeConfig), reading(gif.Decode)}, true
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return format{"webp", reading(webp.DecodeConfig), reading(webp.Decode)}, true
	}
	return format{}, false
}

func reading[T any](read func(io.Reader) (T, error)) func([]byte) (T, error) {
	return func(data []byte) (T, error) { return read(bytes.NewReader(data)) }
}
