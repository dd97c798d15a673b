package camera

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"rsc.io/qr"
)

// The camera of a cheap phone.
const (
	width    = 640
	height   = 480
	codeSide = 400 // pixels at most
	quality  = 90
)

// Scene is a picture that the camera sees for a number of frames, 30 a second.
type Scene struct {
	Picture image.Image
	Frames  int
}

// QR is a scene of one second: a code held before the camera.
func QR(t testing.TB, text string) Scene {
	t.Helper()
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		t.Fatalf("encode %q: %v", text, err)
	}
	return Scene{Picture: draught(code), Frames: 30}
}

// Nothing is a scene of an empty counter.
func Nothing(frames int) Scene { return Scene{Picture: room(), Frames: frames} }

// Film writes the scenes to a file that ends with the test, for e2e.Options.CameraFile.
func Film(t testing.TB, scenes ...Scene) string {
	t.Helper()
	var film bytes.Buffer
	for _, scene := range scenes {
		var frame bytes.Buffer
		if err := jpeg.Encode(&frame, scene.Picture, &jpeg.Options{Quality: quality}); err != nil {
			t.Fatalf("encode a frame: %v", err)
		}
		film.Write(bytes.Repeat(frame.Bytes(), max(scene.Frames, 1)))
	}
	path := filepath.Join(t.TempDir(), fmt.Sprintf("camera-%d.mjpeg", len(scenes)))
	if err := os.WriteFile(path, film.Bytes(), 0o644); err != nil {
		t.Fatalf("write the film: %v", err)
	}
	return path
}

// room is a grey wall: a code is not the whole of what a camera sees.
func room() *image.RGBA {
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(color.Gray{Y: 150}), image.Point{}, draw.Src)
	return picture
}

// draught draws a code in the middle of the room, on white paper with the four modules of margin the standard asks for.
func draught(code *qr.Code) image.Image {
	const margin = 4
	picture := room()
	scale := codeSide / (code.Size + 2*margin)
	side := scale * (code.Size + 2*margin)
	paper := image.Rect(0, 0, side, side).Add(image.Pt((width-side)/2, (height-side)/2))
	draw.Draw(picture, paper, image.White, image.Point{}, draw.Src)
	for y := range code.Size {
		for x := range code.Size {
			if !code.Black(x, y) {
				continue
			}
			at := paper.Min.Add(image.Pt((x+margin)*scale, (y+margin)*scale))
			module := image.Rectangle{Min: at, Max: at.Add(image.Pt(scale, scale))}
			draw.Draw(picture, module, image.Black, image.Point{}, draw.Src)
		}
	}
	return picture
}
