package lite

import "testing"

func TestAnonymous(t *testing.T) {
	rows := []struct{ name, text, want string }{
		{"none", `SELECT 1`, `SELECT 1`},
		{"in order", `INSERT INTO t VALUES ($1, $2), ($3, $4)`, `INSERT INTO t VALUES (?, ?), (?, ?)`},
		{"cast", `VALUES (CAST($1 AS TEXT), CAST($2 AS INTEGER))`, `VALUES (CAST(? AS TEXT), CAST(? AS INTEGER))`},
		{"ten", `f($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`, `f(?,?,?,?,?,?,?,?,?,?,?)`},
		{"at the end", `a = $1`, `a = ?`},
		{"repeated", `a = $1 OR b = $1`, `a = $1 OR b = $1`},
		{"out of order", `a = $2 AND b = $1`, `a = $2 AND b = $1`},
		{"skipped", `a = $1 AND b = $3`, `a = $1 AND b = $3`},
		{"longer number", `a = $1 AND b = $21`, `a = $1 AND b = $21`},
		{"quoted after", `a = $1 AND b = 'x'`, `a = ? AND b = 'x'`},
		{"quoted before", `b = 'x' AND a = $1`, `b = 'x' AND a = $1`},
		{"dollar in quotes", `b = '$1' AND a = $1`, `b = '$1' AND a = $1`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := Anonymous(row.text); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

func TestLimitsAreHiddenFromThePlanner(t *testing.T) {
	for text, want := range map[string]string{
		`SELECT a FROM b WHERE c > $1 ORDER BY c LIMIT $2`:      `SELECT a FROM b WHERE c > ? ORDER BY c LIMIT ? + 0`,
		`SELECT a FROM b LIMIT $1 OFFSET $2`:                    `SELECT a FROM b LIMIT ? + 0 OFFSET ?`,
		`SELECT a FROM (SELECT c FROM d LIMIT $2) WHERE a = $1`: `SELECT a FROM (SELECT c FROM d LIMIT $2 + 0) WHERE a = $1`,
		`SELECT a FROM b LIMIT 20`:                              `SELECT a FROM b LIMIT 20`,
	} {
		if got := Rewritten(text); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
