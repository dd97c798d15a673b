package story

import (
	"context"
	"fmt"
	"strings"

	"github.com/dure-commerce/dure/internal/web/ui"
)

func loc(ctx context.Context) ui.Loc { return ui.L(ctx) }

// sampleCode draws something that looks like a code and reads as none.
func sampleCode() string {
	var svg strings.Builder
	svg.WriteString(`<svg viewBox="0 0 29 29" shape-rendering="crispEdges"><path fill="currentColor" d="`)
	state := uint32(7)
	for i := range 29 * 29 {
		x, y := i%29, i/29
		state = state*1664525 + 1013904223
		if corner := (x < 8 && y < 8) || (x > 20 && y < 8) || (x < 8 && y > 20); !corner && state>>31 == 1 {
			fmt.Fprintf(&svg, "M%d %dh1v1h-1z", x, y)
		}
	}
	for _, at := range [][2]int{{0, 0}, {22, 0}, {0, 22}} {
		fmt.Fprintf(&svg, "M%d %dh7v7h-7zm1 1v5h5v-5zm1 1h3v3h-3z", at[0], at[1])
	}
	svg.WriteString(`" fill-rule="evenodd"/></svg>`)
	return svg.String()
}
