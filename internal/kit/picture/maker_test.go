package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"go/build"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// corners is a picture whose corners are red, green, blue and yellow, clockwise from the top left.
func corners(width, height int) *image.RGBA {
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			picture.SetRGBA(x, y, quarter(x < width/2, y < height/2))
		}
	}
	return picture
}

func quarter(left, top bool) color.RGBA {
	switch {
	case left && top:
		return color.RGBA{255, 0, 0, 255}
	case top:
		return color.RGBA{0, 255, 0, 255}
	case left:
		return color.RGBA{255, 255, 0, 255}
	}
	return color.RGBA{0, 0, 255, 255}
}

func asJPEG(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// exif is a block with an orientation and a text as a camera's position would stand.
func exif(order binary.AppendByteOrder, turn uint16) []byte {
	block := []byte("II*\x00")
	if order.String() == "BigEndian" {
		block = []byte("MM\x00*")
	}
	block = order.AppendUint32(block, 8)
	block = order.AppendUint16(block, 1)
	block = order.AppendUint16(block, tagOrientation)
	block = order.AppendUint16(block, typeShort)
	block = order.AppendUint32(block, 1)
	block = order.AppendUint16(block, turn)
	block = order.AppendUint16(block, 0)
	return append(block, "GPS 37.5665 126.9780"...)
}

func withSegment(data []byte, marker byte, body []byte) []byte {
	segment := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2))
	return append(append(append([]byte{}, data[:2]...), append(segment, body...)...), data[2:]...)
}

func withExif(data []byte, block []byte) []byte {
	return withSegment(data, 0xe1, append([]byte("Exif\x00\x00"), block...))
}

func withChunk(data []byte, name string, body []byte) []byte {
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	chunk = append(append(chunk, name...), body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	const afterHeader = 8 + 25
	return append(append(append([]byte{}, data[:afterHeader]...), chunk...), data[afterHeader:]...)
}

// solidWebP writes a lossless WebP of one colour in 26 bytes, however large the picture (VP8L, RFC 9649 §3).
func solidWebP(width, height int) []byte {
	var bits, count uint64
	var out []byte
	put := func(value uint64, n uint64) {
		bits |= value << count
		for count += n; count >= 8; count -= 8 {
			out, bits = append(out, byte(bits)), bits>>8
		}
	}
	put(0x2f, 8)
	put(uint64(width-1), 14)
	put(uint64(height-1), 14)
	put(0, 4) // no alpha, version 0
	put(0, 3) // no transform, no colour cache, one set of codes
	for _, symbol := range []uint64{200, 30, 30, 255} {
		put(0b101, 3) // a simple code of one symbol of eight bits
		put(symbol, 8)
	}
	put(0b001, 3)
	put(0, 1)
	put(0, 8)
	return riff(chunkRIFF("VP8L", out))
}

func chunkRIFF(name string, body []byte) []byte {
	chunk := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body)))
	chunk = append(chunk, body...)
	if len(body)%2 == 1 {
		chunk = append(chunk, 0)
	}
	return chunk
}

func riff(chunks ...[]byte) []byte {
	body := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func make1(t *testing.T, data []byte) []Rendition {
	t.Helper()
	made, err := NewMaker(Limits{}).Make(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func sizesOf(made []Rendition) []image.Point {
	var sizes []image.Point
	for _, r := range made {
		sizes = append(sizes, image.Pt(r.Width, r.Height))
	}
	return sizes
}

func TestSizes(t *testing.T) {
	for name, row := range map[string]struct {
		width, height int
		want          []image.Point
	}{
		"camera":       {4000, 3000, []image.Point{{480, 360}, {960, 720}, {1440, 1080}}},
		"between":      {1000, 500, []image.Point{{480, 240}, {960, 480}, {1000, 500}}},
		"exact":        {960, 600, []image.Point{{480, 300}, {960, 600}}},
		"small":        {100, 50, []image.Point{{100, 50}}},
		"one pixel":    {1, 1, []image.Point{{1, 1}}},
		"a tall strip": {10, 10_000, []image.Point{{1, 1440}, {2, 2880}, {4, 4320}}},
		"a wide strip": {10_000, 10, []image.Point{{480, 1}, {960, 1}, {1440, 1}}},
	} {
		made := make1(t, asPNG(t, corners(row.width, row.height)))
		if got := sizesOf(made); len(got) != len(row.want) {
			t.Errorf("%s: %v", name, got)
		} else {
			for i := range got {
				if got[i] != row.want[i] {
					t.Errorf("%s: %v", name, got)
				}
			}
		}
		for _, r := range made {
			config, err := jpeg.DecodeConfig(bytes.NewReader(r.JPEG))
			if err != nil || config.Width != r.Width || config.Height != r.Height {
				t.Errorf("%s: %v %v", name, config, err)
			}
		}
	}
}

// look names the colours of the four corners, clockwise from the top left.
func look(t *testing.T, r Rendition) string {
	t.Helper()
	picture, err := jpeg.Decode(bytes.NewReader(r.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	w, h := r.Width, r.Height
	var seen strings.Builder
	for _, p := range []image.Point{{w / 8, h / 8}, {w - w/8, h / 8}, {w - w/8, h - h/8}, {w / 8, h - h/8}} {
		red, green, blue, _ := picture.At(p.X, p.Y).RGBA()
		switch {
		case red > 0x8000 && green > 0x8000:
			seen.WriteByte('Y')
		case red > 0x8000:
			seen.WriteByte('R')
		case green > 0x8000:
			seen.WriteByte('G')
		case blue > 0x8000:
			seen.WriteByte('B')
		}
	}
	return seen.String()
}

// TestOrientationIsAppliedAndForgotten turns one picture all eight ways, in both byte orders and three formats.
func TestOrientationIsAppliedAndForgotten(t *testing.T) {
	plain, plainPNG := asJPEG(t, corners(600, 400)), asPNG(t, corners(600, 400))
	for turn, want := range map[uint16]string{
		0: "RGBY", 1: "RGBY", 2: "GRYB", 3: "BYRG", 4: "YBGR", 5: "RYBG", 6: "YRGB", 7: "BGRY", 8: "GBYR", 9: "RGBY",
	} {
		for name, data := range map[string][]byte{
			"jpeg little": withExif(plain, exif(binary.LittleEndian, turn)),
			"jpeg big":    withSegment(withExif(plain, exif(binary.BigEndian, turn)), 0xe0, []byte("JFIF\x00")),
			"png":         withChunk(plainPNG, "eXIf", exif(binary.BigEndian, turn)),
		} {
			made := make1(t, data)
			for _, r := range made {
				if got := look(t, r); got != want {
					t.Errorf("%s turned %d shows %s, want %s", name, turn, got, want)
				}
				if sideways := turn >= 5 && turn <= 8; sideways != (r.Height > r.Width) {
					t.Errorf("%s turned %d is %d by %d", name, turn, r.Width, r.Height)
				}
				if bytes.Contains(r.JPEG, []byte("GPS")) || bytes.Contains(r.JPEG, []byte("Exif")) {
					t.Errorf("%s turned %d still tells where it was taken", name, turn)
				}
			}
		}
	}
	flags := make([]byte, 10)
	flags[0], flags[4], flags[7] = 0b1000, 59, 39
	webp := solidWebP(60, 40)
	held := riff(chunkRIFF("VP8X", flags), webp[12:], chunkRIFF("EXIF", exif(binary.LittleEndian, 6)))
	if got := sizesOf(make1(t, held)); got[0] != image.Pt(40, 60) {
		t.Errorf("a WebP on its side is %v", got)
	}
}

func TestFormats(t *testing.T) {
	var animated bytes.Buffer
	frame := image.NewPaletted(image.Rect(0, 0, 50, 40), color.Palette{color.Transparent, color.Black})
	if err := gif.EncodeAll(&animated, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"gif": animated.Bytes(), "webp": solidWebP(50, 40)} {
		made := make1(t, data)
		if got := sizesOf(made); len(got) != 1 || got[0] != image.Pt(50, 40) {
			t.Errorf("%s: %v", name, got)
		}
	}
	shown, err := jpeg.Decode(bytes.NewReader(make1(t, animated.Bytes())[0].JPEG))
	if err != nil {
		t.Fatal(err)
	}
	if red, _, _, _ := shown.At(20, 20).RGBA(); red < 0xf000 {
		t.Error("what was transparent is not white")
	}
}

func flood(t *testing.T) []byte {
	data := asPNG(t, corners(1, 1))
	binary.BigEndian.PutUint32(data[16:], 60_000)
	binary.BigEndian.PutUint32(data[20:], 60_000)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func TestRefused(t *testing.T) {
	maker := NewMaker(Limits{Bytes: 1 << 20})
	good := asJPEG(t, corners(300, 200))
	strip := flood(t)
	binary.BigEndian.PutUint32(strip[20:], 1)
	binary.BigEndian.PutUint32(strip[29:], crc32.ChecksumIEEE(strip[12:29]))
	for name, row := range map[string]struct {
		data []byte
		want error
	}{
		"nothing":           {nil, ErrUnknown},
		"svg":               {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), ErrUnknown},
		"svg with a mark":   {[]byte("\ufeff<?xml version=\"1.0\"?><svg/>"), ErrUnknown},
		"html":              {[]byte("<html>"), ErrUnknown},
		"pdf":               {[]byte("%PDF-1.7"), ErrUnknown},
		"zip":               {[]byte("PK\x03\x04"), ErrUnknown},
		"bmp":               {[]byte("BM000000"), ErrUnknown},
		"heic":              {[]byte("\x00\x00\x00\x18ftypheic"), ErrUnknown},
		"too many bytes":    {append(good, make([]byte, 1<<20)...), ErrTooLarge},
		"pixel flood":       {flood(t), ErrTooLarge},
		"pixel flood, webp": {solidWebP(16384, 16384), ErrTooLarge},
		"a strip":           {strip, ErrTooLarge},
		"half a jpeg":       {good[:len(good)/2], ErrBroken},
		"a jpeg's head":     {good[:4], ErrBroken},
		"half a webp":       {solidWebP(50, 40)[:30], ErrBroken},
		"only a signature":  {[]byte("\x89PNG\r\n\x1a\n"), ErrBroken},
		"gif's head":        {[]byte("GIF89a"), ErrBroken},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := maker.Make(t.Context(), row.data)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, row.want) {
			t.Errorf("%s: %v, want %v", name, err, row.want)
		}
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 4<<20 {
			t.Errorf("%s took %d bytes of memory", name, taken)
		}
	}
}

// TestPolyglotsLoseTheirSecondFace: a picture that is also a page or an archive is only a picture afterwards.
func TestPolyglotsLoseTheirSecondFace(t *testing.T) {
	plain := asJPEG(t, corners(300, 200))
	for name, data := range map[string][]byte{
		"page in a comment": withSegment(plain, 0xfe, []byte("*/--><script>alert(1)</script>")),
		"page behind":       append(append([]byte{}, plain...), "<script>alert(1)</script>"...),
		"archive behind":    append(append([]byte{}, plain...), "PK\x03\x04<script>"...),
		"text in a png":     withChunk(asPNG(t, corners(300, 200)), "tEXt", []byte("a\x00<script>")),
	} {
		for _, r := range make1(t, data) {
			if bytes.Contains(r.JPEG, []byte("script")) || bytes.Contains(r.JPEG, []byte("PK\x03\x04")) {
				t.Errorf("%s is still there", name)
			}
		}
	}
}

// TestGoTestdata reads every picture of the Go distribution: the whole ones give pictures, the others a refusal.
func TestGoTestdata(t *testing.T) {
	maker, whole, refused := NewMaker(Limits{}), 0, 0
	root := filepath.Join(build.Default.GOROOT, "src", "image")
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.Contains(name, "testdata") {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		// A colour beyond the palette's end is drawn black, as browsers do.
		broken := strings.Contains(name, "invalid") && !strings.Contains(name, "invalid-palette")
		ending := filepath.Ext(name)
		picture := ending == ".png" || ending == ".jpeg" || ending == ".gif"
		made, err := maker.Make(t.Context(), data)
		switch {
		case err == nil && (broken || !picture || len(made) == 0):
			t.Errorf("%s was accepted", name)
		case err != nil && (!broken && picture || fail.KindOf(err) != fail.Invalid):
			t.Errorf("%s: %v", name, err)
		case err != nil:
			refused++
		default:
			whole++
		}
		return nil
	})
	if err != nil || whole < 60 || refused < 8 {
		t.Errorf("%d pictures, %d refusals, %v: are Go's sources installed?", whole, refused, err)
	}
}

func TestWaitsForItsTurn(t *testing.T) {
	maker := NewMaker(Limits{Together: 1})
	maker.slots <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := maker.Make(ctx, solidWebP(5, 5)); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
	<-maker.slots
	if _, err := maker.Make(t.Context(), solidWebP(5, 5)); err != nil || len(maker.slots) != 0 {
		t.Errorf("got %v, %d slots held", err, len(maker.slots))
	}
}

func TestAPanickingDecoderIsTheFilesFault(t *testing.T) {
	_, err := guarded(func() (int, error) { var none []int; return none[3], nil })
	if !errors.Is(err, ErrBroken) {
		t.Errorf("got %v", err)
	}
}

func FuzzMake(f *testing.F) {
	f.Add(withExif(asJPEG(f, corners(8, 8)), exif(binary.BigEndian, 6)))
	f.Add(withChunk(asPNG(f, corners(8, 8)), "eXIf", exif(binary.LittleEndian, 8)))
	f.Add(solidWebP(8, 8))
	f.Add([]byte("GIF89a"))
	maker := NewMaker(Limits{Bytes: 10_000, Pixels: 10_000})
	f.Fuzz(func(t *testing.T, data []byte) {
		made, err := maker.Make(t.Context(), data)
		if (err == nil) != (len(made) > 0) || err != nil && fail.KindOf(err) == fail.Internal {
			t.Fatalf("%d pictures, %v", len(made), err)
		}
	})
}

func BenchmarkTwelveMegapixels(b *testing.B) {
	data, maker := asJPEG(b, corners(4000, 3000)), NewMaker(Limits{})
	for b.Loop() {
		if _, err := maker.Make(b.Context(), data); err != nil {
			b.Fatal(err)
		}
	}
}
