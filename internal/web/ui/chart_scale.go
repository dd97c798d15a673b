package ui

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Point is one value of a chart with its label.
type Point struct {
	Label string
	Value int64
	Show  string // how the value is written; the plain count unless set
	Now   bool   // this is the running one
	Tick  bool   // its label stands under the axis
}

// Chart is a picture of a sentence: Title says it, the drawing shows it, the table beneath holds every number.
type Chart struct {
	Title, Note string
	Kind        string // "bar" unless "line"
	Points      []Point
	Second      []Point // dashed second line, same length (line only)
	Name, Other string  // names of the two lines
	LabelHead   string  // table heading of the labels, such as "시각"
	ValueHead   string  // table heading of the values, such as "함께한 사람"
	Won         bool    // values are won
	Open        bool    // table unfolded (print)
}

// Render writes the chart.
func (c Chart) Render(ctx context.Context, w io.Writer) error { return c.view().Render(ctx, w) }

// Sparkline is a line without axes beside a number.
type Sparkline struct{ Values []int64 }

// Render writes the line; it is decoration.
func (s Sparkline) Render(ctx context.Context, w io.Writer) error { return s.view().Render(ctx, w) }

const (
	plotTop    = 22.0 // room above for the highest value
	plotFloor  = 172.0
	plotHeight = 200.0
	plotLeft   = 3.0 // percent
	plotRight  = 97.0
)

// ceiling gives a round number at or above the largest value and the step of the lines below it: 1, 2 or 5 times ten.
func ceiling(largest int64) (top, step int64) {
	if largest < 4 {
		return 4, 1
	}
	step = 1
	for {
		for _, factor := range [...]int64{1, 2, 5} {
			if try := step * factor; try*4 >= largest {
				return (largest + try - 1) / try * try, try
			}
		}
		step *= 10
	}
}

func (c Chart) largest() int64 {
	var largest int64
	for _, point := range c.Points {
		largest = max(largest, point.Value)
	}
	for _, point := range c.Second {
		largest = max(largest, point.Value)
	}
	return largest
}

func (c Chart) height(value int64) float64 {
	top, _ := ceiling(c.largest())
	return (plotFloor - plotTop) * float64(max(value, 0)) / float64(top)
}

type gridLine struct{ y, textY, label string }

func (c Chart) grid(ctx context.Context) []gridLine {
	top, step := ceiling(c.largest())
	var lines []gridLine
	for value := step; value <= top; value += step {
		y := plotFloor - c.height(value)
		lines = append(lines, gridLine{decimal(y), decimal(y - 4), c.write(ctx, value)})
	}
	return lines
}

func (c Chart) write(ctx context.Context, value int64) string {
	if c.Won {
		return L(ctx).Won(value)
	}
	return L(ctx).Count(value)
}

func (c Chart) show(ctx context.Context, p Point) string {
	if p.Show != "" {
		return p.Show
	}
	return c.write(ctx, p.Value)
}

type barShape struct{ x, y, width, height, middle, class string }

func (c Chart) bars() []barShape {
	slot := (plotRight - plotLeft) / float64(max(len(c.Points), 1))
	width := min(slot*.62, 9)
	shapes := make([]barShape, len(c.Points))
	for i, point := range c.Points {
		height := c.height(point.Value)
		if point.Value > 0 && height < 2 {
			height = 2
		}
		x := plotLeft + slot*(float64(i)+.5)
		class := "pole"
		if point.Now {
			class = "pole now"
		}
		shapes[i] = barShape{
			percent(x - width/2), decimal(plotFloor - height), percent(width), decimal(height), percent(x), class,
		}
	}
	return shapes
}

// peak is the index of the largest point, the only one whose value is written into the picture.
func (c Chart) peak() int {
	peak := -1
	for i, point := range c.Points {
		if point.Value > 0 && (peak < 0 || point.Value > c.Points[peak].Value) {
			peak = i
		}
	}
	return peak
}

func (c Chart) x(i int) float64 {
	if len(c.Points) < 2 {
		return (plotLeft + plotRight) / 2
	}
	return plotLeft + (plotRight-plotLeft)*float64(i)/float64(len(c.Points)-1)
}

// path draws a line in a box 100 wide, stretched to the real width by the browser.
func (c Chart) path(points []Point) string {
	var d strings.Builder
	for i, point := range points {
		letter := "L"
		if i == 0 {
			letter = "M"
		}
		fmt.Fprintf(&d, "%s%.2f %.1f", letter, c.x(i), plotFloor-c.height(point.Value))
	}
	return d.String()
}

func (c Chart) area() string {
	if len(c.Points) == 0 {
		return ""
	}
	return c.path(c.Points) + fmt.Sprintf("L%.2f %.0fL%.2f %.0fZ", c.x(len(c.Points)-1), plotFloor, c.x(0), plotFloor)
}

// anchor keeps the first and last label inside the picture.
func (c Chart) anchor(i int) string {
	switch {
	case c.Kind != "line":
		return "middle"
	case i == 0 && len(c.Points) > 1:
		return "start"
	case i == len(c.Points)-1 && len(c.Points) > 1:
		return "end"
	}
	return "middle"
}

func (c Chart) tickX(i int) string {
	if c.Kind == "line" {
		return percent(c.x(i))
	}
	return c.bars()[i].middle
}

func (c Chart) tickY(i int) string { return decimal(plotFloor - c.height(c.Points[i].Value)) }

func (c Chart) valueY(i int) string { return decimal(plotFloor - c.height(c.Points[i].Value) - 7) }

func (c Chart) table(ctx context.Context) Table {
	t := Table{
		Caption: c.Title, HideCaption: true, Roll: true,
		Columns: []Column{{Label: c.LabelHead}, {Label: c.ValueHead, Num: true}},
	}
	if len(c.Second) > 0 {
		t.Columns = []Column{{Label: c.LabelHead}, {Label: c.Name, Num: true}, {Label: c.Other, Num: true}}
	}
	for i, point := range c.Points {
		row := []Cell{{Text: point.Label}, {Text: c.show(ctx, point)}}
		if i < len(c.Second) {
			row = append(row, Cell{Text: c.show(ctx, c.Second[i])})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (s Sparkline) path() string {
	largest, smallest := s.Values[0], s.Values[0]
	for _, value := range s.Values {
		largest, smallest = max(largest, value), min(smallest, value)
	}
	span := float64(max(largest-smallest, 1))
	var d strings.Builder
	for i, value := range s.Values {
		letter := "L"
		if i == 0 {
			letter = "M"
		}
		x := 2 + 92*float64(i)/float64(max(len(s.Values)-1, 1))
		fmt.Fprintf(&d, "%s%.1f %.1f", letter, x, 25-22*float64(value-smallest)/span)
	}
	return d.String()
}

func (s Sparkline) endY() string {
	path := s.path()
	return path[strings.LastIndexByte(path, ' ')+1:]
}

func decimal(value float64) string { return strconv.FormatFloat(value, 'f', 1, 64) }

func percent(value float64) string { return strconv.FormatFloat(value, 'f', 2, 64) + "%" }
