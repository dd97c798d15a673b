package poster

import (
	"image"
	"image/color"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// line is a text on one line; y is where its letters stand.
type line struct {
	text       string
	x, y, size int
	colour     color.Color
}

const sizeLeast = 24

func (s sheet) face(size int) (font.Face, error) {
	return opentype.NewFace(s.font, &opentype.FaceOptions{Size: float64(size), DPI: 72})
}

// known leaves out what the font has no letter for, such as emoji, instead of drawing empty boxes.
func (s sheet) known(text string) string {
	var buffer sfnt.Buffer
	return strings.Join(strings.Fields(strings.Map(func(letter rune) rune {
		if i, err := s.font.GlyphIndex(&buffer, letter); err != nil || i == 0 {
			return -1
		}
		return letter
	}, text)), " ")
}

func (s sheet) write(l line) error {
	face, err := s.face(l.size)
	if err != nil {
		return err
	}
	pen := font.Drawer{Dst: s, Src: image.NewUniform(l.colour), Face: face, Dot: fixed.P(l.x, l.y)}
	pen.DrawString(s.known(l.text))
	return face.Close()
}

// measure is the width of a text in points.
func (s sheet) measure(text string, size int) (int, error) {
	face, err := s.face(size)
	if err != nil {
		return 0, err
	}
	wide := font.MeasureString(face, s.known(text)).Ceil()
	return wide, face.Close()
}

// fit is the largest size up to one in which a text has room.
func (s sheet) fit(text string, size, room int) (int, error) {
	wide, err := s.measure(text, size)
	if err != nil || wide <= room {
		return size, err
	}
	return max(sizeLeast, size*room/wide), nil
}

// wrap breaks a text at spaces, or within a word that has no room on a line, and marks what was cut.
func (s sheet) wrap(text string, size, room, lines int) ([]string, error) {
	face, err := s.face(size)
	if err != nil {
		return nil, err
	}
	wide := func(text string) int { return font.MeasureString(face, text).Ceil() }
	var out []string
	rest := s.known(text)
	for rest != "" && len(out) < lines {
		cut := fits(rest, room, wide)
		out, rest = append(out, strings.TrimSpace(rest[:cut])), strings.TrimSpace(rest[cut:])
	}
	if rest != "" {
		last := out[len(out)-1]
		for last != "" && wide(last+"…") > room {
			letters := []rune(last)
			last = strings.TrimSpace(string(letters[:len(letters)-1]))
		}
		out[len(out)-1] = last + "…"
	}
	return out, face.Close()
}

// fits gives how many bytes of a text have room: whole words if one does, else letters, one at least.
func fits(text string, room int, wide func(string) int) int {
	letters, words := 0, 0
	for at, letter := range text {
		end := at + len(string(letter))
		if letters > 0 && wide(text[:end]) > room {
			if words > 0 {
				return words
			}
			return letters
		}
		letters = end
		if letter == ' ' {
			words = end
		}
	}
	return letters
}
