package assert

import (
	"fmt"
	"strings"
)

// Failure is the value of the panic: what did not hold, with the figures that show it.
type Failure struct {
	Statement string // begins with the number in docs/invariants.md: "I-3 …"
	Detail    string // "key=value" pairs
}

// Error makes a Failure loggable as an error.
func (f *Failure) Error() string {
	if f.Detail == "" {
		return "invariant broken: " + f.Statement
	}
	return "invariant broken: " + f.Statement + " (" + f.Detail + ")"
}

// That panics with a *Failure unless the condition holds. The statement begins with the invariant's number in
// docs/invariants.md; pairs are keys and values to show, never personal data.
func That(holds bool, statement string, pairs ...any) {
	if holds {
		return
	}
	panic(&Failure{Statement: statement, Detail: detail(pairs)})
}

func detail(pairs []any) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		if i > 0 {
			b.WriteByte(' ')
		}
		if i+1 == len(pairs) { // a key without a value must still be seen
			fmt.Fprintf(&b, "%v", pairs[i])
			break
		}
		fmt.Fprintf(&b, "%v=%v", pairs[i], pairs[i+1])
	}
	return b.String()
}
