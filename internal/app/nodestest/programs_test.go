package nodestest_test

import (
	"net"
	"strings"
	"syscall"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/db"
)

func portOf(s *server.Server) int {
	at, ok := s.Addr().(*net.TCPAddr)
	if !ok {
		return 0
	}
	return at.Port
}

// The program after this one expands; the one after that contracts.
var (
	expanded = map[string]string{
		"9001_later/up.sql": "ALTER TABLE orders ADD COLUMN later_note text NOT NULL DEFAULT '';\n" +
			"CREATE TABLE later_thing (\n  id text PRIMARY KEY,\n  order_id text NOT NULL\n);\n",
		"9001_later/notes.md": "owner: order\nphase: expand\n",
	}
	contracted = map[string]string{
		"9001_later/up.sql": expanded["9001_later/up.sql"], "9001_later/notes.md": expanded["9001_later/notes.md"],
		"9002_less/up.sql": "DROP TABLE later_thing;\n", "9002_less/notes.md": "owner: order\nphase: contract\nneeds: 9001\n",
	}
)

// twoPrograms runs a program and the next one at once, then takes away what the first needs.
func (g *ground) twoPrograms(old []*process, buyers []caller) {
	cluster := old[0].life.Cluster
	next := g.start(func(l *life) { l.Extra, l.Cluster = expanded, cluster })
	// Both sell; the next program fills what it added, also on rows of the old one.
	for i, one := range buyers {
		id := one.buy([]*process{old[0], next, old[1]}[i], []*process{next, old[1], old[0]}[i], "two-programs")
		g.later(id)
	}
	buyers[0].buy(old[0], old[0], "old-after-new") // the old one's statements know nothing of the column
	notes := g.texts(`SELECT later_note FROM orders WHERE later_note <> ''`)
	if len(notes) != len(buyers) {
		g.t.Errorf("the next program's column holds %v", notes)
	}
	refused := func(extra map[string]string, cluster app.ClusterConfig, why string) {
		g.t.Helper()
		_, said := g.launch(func(l *life) { l.Extra, l.Cluster = extra, cluster })
		if line := said(); !strings.Contains(line, why) {
			g.t.Errorf("want a refusal %s, got %q", why, line)
		}
	}
	waiting := cluster
	waiting.NoMigrate = true
	refused(contracted, waiting, "schema.older")
	refused(contracted, cluster, "schema.nodes")
	if len(g.texts(`SELECT id FROM later_thing`)) != len(buyers) {
		g.t.Error("a refused program took something away")
	}
	for _, p := range old {
		must(g.t, p.cmd.Process.Signal(syscall.SIGTERM))
		<-p.gone
	}
	last := g.start(func(l *life) { l.Extra, l.Cluster = contracted, cluster })
	buyers[0].buy(next, last, "new-and-newest")
	refused(nil, cluster, "schema.newer")
}

// later does what only the next program can.
func (g *ground) later(order string) {
	g.t.Helper()
	must(g.t, g.d.Write(g.t.Context(), func(tx *db.Tx) error {
		if _, err := db.Exec(g.t.Context(), tx, `UPDATE orders SET later_note = 'x' WHERE id = $1`, order); err != nil {
			return err
		}
		_, err := db.Exec(g.t.Context(), tx, `INSERT INTO later_thing (id, order_id) VALUES ($1, $1)`, order)
		return err
	}))
}
