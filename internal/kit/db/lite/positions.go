package lite

import (
	"strconv"
	"strings"
)

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
