package schema

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/node"
)

// Errors of programs and databases that do not fit each other.
var (
	// ErrOlder is a database that lacks migrations of this program; Args: Has, Needs.
	ErrOlder = fail.New(fail.Unavailable, "schema.older")
	// ErrNewer is a database that a newer program changed so that this one may not run on it; Args: Has, Needs.
	ErrNewer = fail.New(fail.Unavailable, "schema.newer")
	// ErrNodes is a contraction that older programs, still running, would not survive; Args: Names, Needs.
	ErrNodes = fail.New(fail.Conflict, "schema.nodes")
)

// Phase says what a migration does to programs that do not know it.
type Phase string

// The phases. An expansion leaves every older program running; a contraction takes something away that older ones used.
const (
	Expand   Phase = "expand"
	Contract Phase = "contract"
)

// Where the tables of phases and of running nodes were made.
const (
	phasesFrom = 130
	nodesFrom  = 131
)

var (
	phaseLine = regexp.MustCompile(`(?m)^phase:\s*(\S+)\s*$`)
	needsLine = regexp.MustCompile(`(?m)^needs:\s*(\d+)\s*$`)
)

// PhaseOf reads a migration's phase from its notes: "phase: expand", which goes without saying, or "phase: contract"
// with "needs: NNNN", the newest migration of the oldest program that may still run.
func (b Book) PhaseOf(m Migration) (phase Phase, needs int64, err error) {
	raw, err := b.read(m.Name + "/notes.md")
	if err != nil {
		return "", 0, err
	}
	phase = Expand
	if found := phaseLine.FindSubmatch(raw); found != nil {
		phase = Phase(found[1])
	}
	if found := needsLine.FindSubmatch(raw); found != nil {
		if needs, err = strconv.ParseInt(string(found[1]), 10, 64); err != nil {
			return "", 0, err
		}
	}
	bad := phase != Expand && phase != Contract || (phase == Contract) != (needs > 0) || needs >= m.Version
	if bad {
		return "", 0, fmt.Errorf("%s: notes want phase expand, or phase contract with needs below %d", m.Name, m.Version)
	}
	return phase, needs, nil
}

// note writes the migration's phase with the migration.
func (b Book) note(ctx context.Context, tx *sql.Tx, m Migration) error {
	if m.Version < phasesFrom {
		return nil
	}
	phase, needs, err := b.PhaseOf(m)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO kit_phase (version, phase, needs) VALUES ($1, $2, $3)`, m.Version,
		string(phase), needs)
	return err
}

// Newest is the newest migration the program knows.
func (b Book) Newest() (int64, error) {
	list, err := b.List()
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[len(list)-1].Version, nil
}

// Fits is Check for who asks again and again: why the program may not run, or err when nobody can tell.
func (b Book) Fits(ctx context.Context, q db.Querier) (why, err error) {
	err = b.Check(ctx, q)
	if errors.Is(err, ErrOlder) || errors.Is(err, ErrNewer) {
		return err, nil
	}
	return nil, err
}

// Check answers whether a program may run on a database: every migration it knows was applied, and whatever else was
// applied lets it run.
func (b Book) Check(ctx context.Context, q db.Querier) error {
	list, err := b.List()
	if err != nil {
		return err
	}
	known, newest := map[int64]bool{}, int64(0)
	for _, m := range list {
		known[m.Version], newest = true, max(newest, m.Version)
	}
	applied, err := db.All(ctx, q, db.Scalar[int64], `SELECT version_id FROM kit_migration WHERE version_id > 0
		ORDER BY version_id`)
	if err != nil {
		return err
	}
	var has int64
	strange := map[int64]bool{}
	for _, version := range applied {
		if !known[version] {
			strange[version] = true
		}
		delete(known, version)
		has = max(has, version)
	}
	if len(known) > 0 {
		return ErrOlder.With("Has", has, "Needs", newest)
	}
	if len(strange) == 0 {
		return nil
	}
	return b.allowed(ctx, q, strange, ErrNewer.With("Has", newest, "Needs", has))
}

// allowed answers refusal unless every strange migration is noted and none of them needs a newer program.
func (b Book) allowed(ctx context.Context, q db.Querier, strange map[int64]bool, refusal error) error {
	newest, err := b.Newest()
	if err != nil {
		return err
	}
	type noted struct{ version, needs int64 }
	rows, err := db.All(ctx, q, func(r db.Row) (noted, error) {
		var n noted
		err := r.Scan(&n.version, &n.needs)
		return n, err
	}, `SELECT version, needs FROM kit_phase`)
	if err != nil {
		return err
	}
	for _, n := range rows {
		if strange[n.version] && n.needs > newest {
			return refusal
		}
		delete(strange, n.version)
	}
	if len(strange) > 0 {
		return refusal
	}
	return nil
}

// mayContract refuses migrations that contract what a program still running on the database uses.
func (b Book) mayContract(ctx context.Context, d *db.DB, pool *sql.DB, pending []Migration) error {
	var most int64
	for _, m := range pending {
		if m.Version == nodesFrom {
			return nil // a database so young that nobody runs on it
		}
		_, needs, err := b.PhaseOf(m)
		if err != nil {
			return err
		}
		most = max(most, needs)
	}
	if most == 0 || d.Engine() != db.Postgres {
		return nil
	}
	rows, err := pool.QueryContext(ctx, `SELECT name FROM kit_node WHERE version < $1 AND seen_at > $2 ORDER BY name`,
		most, db.Micros(d.Clock().Now().Add(-node.AliveFor)))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		names = append(names, name)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(names) == 0 {
		return err
	}
	return ErrNodes.With("Names", strings.Join(names, ", "), "Needs", most)
}
