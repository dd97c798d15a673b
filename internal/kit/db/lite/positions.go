package lite

import (
	"regexp"
	"strconv"
	"strings"
)

// Rewritten is a text as SQLite is given it.
func Rewritten(text string) string { return Anonymous(Hidden(text)) }

var limits = regexp.MustCompile(`\bLIMIT \$\d+`)

// Hidden keeps the values of limits from the planner: SQLite (since 3.49) looks at a bound LIMIT while it plans, and so
// plans anew each time one is bound, which takes longer than most of our reads.
func Hidden(text string) string { return limits.ReplaceAllString(text, "$0 + 0") }

// Anonymous writes $1, $2, … as plain question marks when each stands once and in order, as in the statements of many
// rows. SQLite keeps $N as names and searches them anew for every value it binds: quadratic in the number of values.
func Anonymous(text string) string {
	var b strings.Builder
	rest, next := text, 1
	for {
		at := strings.IndexAny(rest, "$'\"")
		if at < 0 || rest[at] != '$' {
			break
		}
		mark := "$" + strconv.Itoa(next)
		after, ok := strings.CutPrefix(rest[at:], mark)
		if !ok || after != "" && after[0] >= '0' && after[0] <= '9' {
			return text
		}
		b.WriteString(rest[:at] + "?")
		rest = after
		next++
	}
	if strings.Contains(rest, "$") { // a position behind a quoted text
		return text
	}
	return b.String() + rest
}
