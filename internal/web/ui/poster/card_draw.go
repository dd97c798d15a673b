package poster

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"sync"

	"golang.org/x/image/font/opentype"
	"golang.org/x/image/vector"

	scale "golang.org/x/image/draw"
)

// Card is what a picture says. Empty parts are left out.
type Card struct {
	Brand string
	Title string      // two lines at most
	Price string      // "19,900원"
	Off   string      // "38%"
	Foot  string      // whose it is, and where
	Say   string      // inside the ring: "7명 더"
	Goal  int64       // beads of the ring; no ring when 0
	Paid  int64       // filled by payments and by nothing else
	Firm  int64       // outlined: members of a wish who have not paid
	Photo image.Image // fills the right side
}

// Size of a card, as messengers and search engines ask for it.
const (
	Width  = 1200
	Height = 630
)

// The colours of the light theme; a picture is looked at on foreign ground and has no dark sister.
var (
	paper     = color.RGBA{0xfa, 0xf7, 0xf2, 0xff}
	panel     = color.RGBA{0xf6, 0xdf, 0xc4, 0xff}
	disc      = color.RGBA{0xff, 0xff, 0xff, 0xff}
	ink       = color.RGBA{0x21, 0x1d, 0x17, 0xff}
	quiet     = color.RGBA{0x57, 0x50, 0x45, 0xff}
	persimmon = color.RGBA{0xd9, 0x48, 0x0f, 0xff}
	pine      = color.RGBA{0x0c, 0x8a, 0x63, 0xff}
	bare      = color.RGBA{0xeb, 0xe3, 0xd6, 0xff}
)

// Painter draws cards, one at a time: a picture takes some hundredths of a second of one processor, and shared
// addresses are asked for by many robots at once. The last pictures are kept.
type Painter struct {
	font func() (*opentype.Font, error)
	turn chan struct{}

	mu    sync.Mutex
	kept  map[string][]byte
	order []string
}

// keptMax is how many pictures a painter keeps; one has some 50 KB, and some 500 KB with a photo.
const keptMax = 24

// NewPainter makes a painter. It reads its font with the first picture.
func NewPainter() *Painter {
	return &Painter{turn: make(chan struct{}, 1), kept: map[string][]byte{},
		font: sync.OnceValues(func() (*opentype.Font, error) { return readFont(fontFile) })}
}

// PNG gives the card's picture. The key names everything the card says: the same key gives the same picture.
func (p *Painter) PNG(ctx context.Context, key string, make func() (Card, error)) ([]byte, error) {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if file, ok := p.find(key); ok {
		return file, nil
	}
	card, err := make()
	if err != nil {
		return nil, err
	}
	file, err := p.draw(card)
	if err == nil {
		p.keep(key, file)
	}
	return file, err
}

func (p *Painter) find(key string) ([]byte, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	file, ok := p.kept[key]
	return file, ok
}

func (p *Painter) keep(key string, file []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept[key] = file
	if p.order = append(p.order, key); len(p.order) > keptMax {
		delete(p.kept, p.order[0])
		p.order = p.order[1:]
	}
}

func (p *Painter) draw(c Card) ([]byte, error) {
	font, err := p.font()
	if err != nil {
		return nil, err
	}
	s := sheet{RGBA: image.NewRGBA(image.Rect(0, 0, Width, Height)), font: font}
	s.fill(s.Bounds(), paper)
	side := image.Rect(sideAt, 0, Width, Height)
	if c.Photo != nil {
		s.photo(side, c.Photo)
	} else {
		s.fill(side, panel)
	}
	if err := s.words(c); err != nil {
		return nil, err
	}
	if err := s.ring(c); err != nil {
		return nil, err
	}
	var file bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	err = encoder.Encode(&file, s)
	return file.Bytes(), err
}

// Where things stand, in points.
const (
	margin   = 64
	sideAt   = 740
	textRoom = sideAt - 2*margin
	ringX    = (sideAt + Width) / 2
	ringY    = Height / 2
	ringR    = 150.0
	discR    = 192.0
	beadsMax = 40
	outline  = .68 // of a bead's radius stays bare inside an outlined one
)

func (s sheet) words(c Card) error {
	s.sign(margin+22, 92, 20)
	write := []line{{text: c.Brand, x: margin + 62, y: 106, size: 38, colour: ink}}
	lines, err := s.wrap(c.Title, 60, textRoom, 2)
	if err != nil {
		return err
	}
	y := 226
	for _, one := range lines {
		write = append(write, line{text: one, x: margin, y: y, size: 60, colour: ink})
		y += 76
	}
	if c.Price != "" {
		x := margin
		if c.Off != "" {
			write = append(write, line{text: c.Off, x: x, y: 446, size: 60, colour: persimmon})
			wide, err := s.measure(c.Off, 60)
			if err != nil {
				return err
			}
			x += wide + 20
		}
		size, err := s.fit(c.Price, 84, margin+textRoom-x)
		if err != nil {
			return err
		}
		write = append(write, line{text: c.Price, x: x, y: 446, size: size, colour: ink})
	}
	foot, err := s.wrap(c.Foot, 34, textRoom, 1)
	if err != nil {
		return err
	}
	for _, one := range foot {
		write = append(write, line{text: one, x: margin, y: 560, size: 34, colour: quiet})
	}
	for _, one := range write {
		if err := s.write(one); err != nil {
			return err
		}
	}
	return nil
}

// ring draws how far a deal is, on a disc that lets it be read on any photo; without a goal the sign itself, when no
// photo fills the side.
func (s sheet) ring(c Card) error {
	if c.Goal <= 0 {
		if c.Photo == nil {
			s.sign(ringX, ringY, ringR)
		}
		return nil
	}
	s.circle(ringX, ringY, discR, disc)
	beads := min(c.Goal, beadsMax)
	full, firm := filled(c.Paid, c.Goal, beads), filled(c.Paid+c.Firm, c.Goal, beads)
	radius := math.Min(14, ringR*math.Pi/float64(beads)*.74)
	for i := range beads {
		colour := bare
		if i < max(full, firm) {
			colour = persimmon
		}
		angle := 2 * math.Pi * float64(i) / float64(beads)
		x, y := ringX+ringR*math.Sin(angle), ringY-ringR*math.Cos(angle)
		s.circle(x, y, radius, colour)
		if i >= full && i < firm {
			s.circle(x, y, radius*outline, disc)
		}
	}
	size, err := s.fit(c.Say, 62, int(2*ringR)-64)
	if err != nil {
		return err
	}
	wide, err := s.measure(c.Say, size)
	if err != nil {
		return err
	}
	return s.write(line{text: c.Say, x: ringX - wide/2, y: ringY + size*36/100, size: size, colour: ink})
}

// filled is how many of the beads are paid for: never all before the goal is reached.
func filled(paid, goal, beads int64) int64 {
	if paid >= goal {
		return beads
	}
	return int64(math.Floor(float64(max(0, paid)) / float64(goal) * float64(beads)))
}

// sign draws the house's own: beads gathering into a ring, the first of them pine.
func (s sheet) sign(x, y, radius float64) {
	const beads = 11
	for i := range beads {
		colour := persimmon
		if i == 0 {
			colour = pine
		}
		angle := 2 * math.Pi * float64(i) / beads
		s.circle(x+radius*math.Sin(angle), y-radius*math.Cos(angle), radius*.225, colour)
	}
}

// sheet is a picture being drawn.
type sheet struct {
	*image.RGBA
	font *opentype.Font
}

func (s sheet) fill(where image.Rectangle, colour color.Color) {
	draw.Draw(s, where, image.NewUniform(colour), image.Point{}, draw.Src)
}

// photo covers a part of the sheet with the middle of a picture.
func (s sheet) photo(where image.Rectangle, photo image.Image) {
	from := photo.Bounds()
	if wide := from.Dy() * where.Dx() / where.Dy(); wide < from.Dx() {
		from.Min.X += (from.Dx() - wide) / 2
		from.Max.X = from.Min.X + wide
	} else {
		tall := from.Dx() * where.Dy() / where.Dx()
		from.Min.Y += (from.Dy() - tall) / 2
		from.Max.Y = from.Min.Y + tall
	}
	scale.ApproxBiLinear.Scale(s, where, photo, from, draw.Src, nil)
}

// circle fills a circle with smooth edges: four curves that differ from it by less than a thousandth.
func (s sheet) circle(x, y, radius float64, colour color.Color) {
	const bend = .5522847
	box := image.Rect(int(x-radius)-1, int(y-radius)-1, int(x+radius)+2, int(y+radius)+2)
	cx, cy := float32(x-float64(box.Min.X)), float32(y-float64(box.Min.Y))
	r, b := float32(radius), float32(radius*bend)
	pen := vector.NewRasterizer(box.Dx(), box.Dy())
	pen.MoveTo(cx+r, cy)
	pen.CubeTo(cx+r, cy+b, cx+b, cy+r, cx, cy+r)
	pen.CubeTo(cx-b, cy+r, cx-r, cy+b, cx-r, cy)
	pen.CubeTo(cx-r, cy-b, cx-b, cy-r, cx, cy-r)
	pen.CubeTo(cx+b, cy-r, cx+r, cy-b, cx+r, cy)
	pen.ClosePath()
	pen.Draw(s, box, image.NewUniform(colour), image.Point{})
}
