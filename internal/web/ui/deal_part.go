package ui

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/a-h/templ"
)

// Meter is the bead ring: each bead is a paid person (or unit), a share of them when there are more than 60.
//
// Filled beads come from Paid and nothing else. Firm beads (a wish's firm places) are outlined.
type Meter struct {
	Goal, Paid, Firm int64
	Mine             bool   // the last filled bead is the viewer's own
	Say              string // big words inside: "7명"
	Sub              string // small words beneath: "더 모이면 열려요"
	Name             string // the whole sentence for those who listen
	Size             string // xs, s, "" or l
}

// Render writes the ring.
func (m Meter) Render(ctx context.Context, w io.Writer) error { return m.view().Render(ctx, w) }

const (
	mostBeads  = 60
	shareBeads = 40
	ringRadius = 70.0
	ringCentre = 84.0
)

type bead struct{ class, x, y, r, part string }

func (m Meter) class() string {
	class := "meter"
	if m.Size != "" {
		class += " " + m.Size
	}
	if m.Goal > 0 && m.Paid >= m.Goal {
		class += " open"
	}
	return class
}

// beads counts how many beads the ring has; beyond 60 people each bead is a share.
func (m Meter) beads() int64 {
	switch {
	case m.Goal < 1:
		return 1
	case m.Goal > mostBeads:
		return shareBeads
	}
	return m.Goal
}

// scaled says how many whole beads n fills, and the filled part of the next one in hundredths; it never rounds up.
func (m Meter) scaled(n int64) (full, part int64) {
	beads := m.beads()
	if n <= 0 {
		return 0, 0
	}
	if m.Goal < 1 || n >= m.Goal {
		return beads, 0
	}
	return n * beads / m.Goal, n * beads % m.Goal * 100 / m.Goal
}

func (m Meter) ring() []bead {
	count := m.beads()
	paid, part := m.scaled(m.Paid)
	firm, _ := m.scaled(m.Paid + m.Firm)
	radius := beadRadius(count)
	ring := make([]bead, count)
	for i := range count {
		angle := 2 * math.Pi * float64(i) / float64(count)
		one := bead{
			class: "bead", r: radius,
			x: fmt.Sprintf("%.1f", ringCentre+ringRadius*math.Sin(angle)),
			y: fmt.Sprintf("%.1f", ringCentre-ringRadius*math.Cos(angle)),
		}
		switch {
		case i < paid && m.Mine && i == paid-1:
			one.class = "bead on mine last"
		case i < paid && i == paid-1:
			one.class = "bead on last"
		case i < paid:
			one.class = "bead on"
		case i == paid && part > 0:
			one.part = fmt.Sprintf("0.%02d", part)
		case i < firm:
			one.class = "bead firm"
		}
		ring[i] = one
	}
	return ring
}

// beadRadius keeps air between beads and never lets few beads grow into balls.
func beadRadius(count int64) string {
	room := math.Pi * ringRadius / float64(count)
	most := 8 + .7*math.Max(0, 12-float64(count))
	return fmt.Sprintf("%.1f", math.Min(most, room*.74))
}

// saySize gives the font size that keeps long words inside the ring, in the drawing's own units.
func (m Meter) saySize() string {
	width := 0.0
	for _, letter := range m.Say {
		if letter > 0x1100 {
			width++
		} else {
			width += .6
		}
	}
	return fmt.Sprintf("%.0f", math.Min(38, 100/math.Max(width, 1)))
}

func (m Meter) subSize() string {
	width := 0.0
	for _, letter := range m.Sub {
		if letter > 0x1100 {
			width++
		} else {
			width += .5
		}
	}
	return fmt.Sprintf("%.1f", math.Min(13.5, 104/math.Max(width, 1)))
}

func (m Meter) sayY() string {
	if m.Sub == "" {
		return "98"
	}
	return "88"
}

func (m Meter) name() string {
	if m.Name != "" {
		return m.Name
	}
	return m.Say + " " + m.Sub
}

// Price is what one pays, what the list says, and the difference in percent.
type Price struct {
	Now, List int64  // won
	Off       int64  // percent, already floored by the deal's own rule; 0 hides it
	Unit      string // "1인", "2박"
	From      bool   // the cheapest of several options
	Size      string // "", m or s
}

// Render writes the price.
func (p Price) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// TicketOf is a voucher's face; the QR or the short code is the component's children.
type TicketOf struct {
	Shop, Title, Note string
	Spent             string // a stamp over a voucher that is over: "다 썼어요"
	Tone              Tone   // of the stamp
}

// QR shows a code drawn elsewhere as SVG. Safe: only markup made by kit/qr may be given.
type QR struct {
	SVG   string
	Label string
}

// Render writes the code.
func (q QR) Render(ctx context.Context, w io.Writer) error { return q.view().Render(ctx, w) }

// Both puts the two satisfactions side by side: guests' and the shop's. An empty value says that nothing was said yet.
type Both struct {
	Guests, GuestsNote string // "4.8", "후기 132개"
	Shop, ShopNote     string // "4.5", "지난달"
	Apart              bool   // the two part: the alarm colour
	Small              bool
}

// Render writes the pair.
func (b Both) Render(ctx context.Context, w io.Writer) error { return b.view().Render(ctx, w) }

// Stars shows a rating in tenths (47 is 4.7) with its count.
type Stars struct {
	Tenths, Count int64
}

// Render writes the stars.
func (s Stars) Render(ctx context.Context, w io.Writer) error { return s.view().Render(ctx, w) }

func (s Stars) text() string { return fmt.Sprintf("%d.%d", s.Tenths/10, s.Tenths%10) }

// PriceStep is one rung of a stepped deal.
type PriceStep struct {
	People    string
	Price     string
	Done, Now bool
}

// Live makes a region that refetches itself when its topic changes.
type LiveOf struct {
	ID      string
	Topic   string // "deal:deal_x"
	Src     string // address that answers with this same region
	Version int64
	Say     string // sentence read aloud after a change
	Gentle  bool   // View Transition where there is one
	Class   string
}

func (l LiveOf) attrs() templ.Attributes {
	attrs := templ.Attributes{"data-live": l.Topic, "data-src": l.Src, "data-version": whole(l.Version)}
	if l.Say != "" {
		attrs["data-say"] = l.Say
	}
	if l.Gentle {
		attrs["data-transition"] = true
	}
	return attrs
}

// Left is the time that remains until At, in words without seconds.
type Left struct{ At, Now time.Time }

// Render writes the time element.
func (l Left) Render(ctx context.Context, w io.Writer) error { return l.view().Render(ctx, w) }

func (l Left) words(ctx context.Context) string {
	minutes := int64(math.Ceil(l.At.Sub(l.Now).Minutes()))
	switch {
	case minutes <= 0:
		return word(ctx, "ui.left.over")
	case minutes >= 48*60:
		return word(ctx, "ui.left.days", "Days", whole(minutes/1440))
	case minutes >= 60 && minutes%60 == 0:
		return word(ctx, "ui.left.whole_hours", "Hours", whole(minutes/60))
	case minutes >= 60:
		return word(ctx, "ui.left.hours", "Hours", whole(minutes/60), "Minutes", whole(minutes%60))
	}
	return word(ctx, "ui.left.minutes", "Minutes", whole(minutes))
}
