package answer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

// ErrOtherBody answers a key that was already used with another command.
var ErrOtherBody = fail.New(fail.Conflict, "idempotency.other_body")

// Key names one asking: who asked which step under which key of their choice.
type Key struct {
	Actor string
	Step  string
	Key   string
}

// Stored is a kept answer.
type Stored struct {
	Hash string
	JSON string
}

// Read writes the kept answer to a result, or fails with ErrOtherBody when it answered another command.
func (s Stored) Read(hash string, to any) error {
	if s.Hash != hash {
		return ErrOtherBody
	}
	if err := json.Unmarshal([]byte(s.JSON), to); err != nil {
		return fmt.Errorf("kept answer: %w", err)
	}
	return nil
}

// Row is an answer to keep.
type Row struct {
	Key
	Hash   string
	Answer any // written as JSON
}

// Hash is the SHA-256 of a command's canonical JSON, in hex: fields sorted by name, so that a release that reorders a
// struct still knows the commands of the one before.
func Hash(cmd any) (string, error) {
	raw, err := json.Marshal(cmd)
	if err != nil {
		return "", fmt.Errorf("command: %w", err)
	}
	var loose any
	reader := json.NewDecoder(bytes.NewReader(raw))
	reader.UseNumber() // a float would blur large amounts
	if err := reader.Decode(&loose); err != nil {
		return "", fmt.Errorf("command: %w", err)
	}
	if raw, err = json.Marshal(loose); err != nil {
		return "", fmt.Errorf("command: %w", err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// loadMax bounds one statement: three parameters a key.
const loadMax = 1024

// Load gives the kept answers among the keys, in few statements. Empty keys have none.
func Load(ctx context.Context, q db.Querier, keys []Key) (map[Key]Stored, error) {
	out := map[Key]Stored{}
	asked := make([]Key, 0, len(keys))
	for _, k := range keys {
		if k.Key != "" {
			asked = append(asked, k)
		}
	}
	for start := 0; start < len(asked); start += loadMax {
		if err := load(ctx, q, asked[start:min(start+loadMax, len(asked))], out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func load(ctx context.Context, q db.Querier, keys []Key, out map[Key]Stored) error {
	n := 1
	for n < len(keys) { // powers of two keep the texts few; the last key fills the rest
		n *= 2
	}
	args := make([]any, 0, 3*n)
	for i := range n {
		k := keys[min(i, len(keys)-1)]
		args = append(args, k.Actor, k.Step, k.Key)
	}
	type found struct {
		key    Key
		stored Stored
	}
	rows, err := db.All(ctx, q, func(r db.Row) (found, error) {
		var f found
		err := r.Scan(&f.key.Actor, &f.key.Step, &f.key.Key, &f.stored.Hash, &f.stored.JSON)
		return f, err
	}, loadText(n), args...)
	for _, f := range rows {
		out[f.key] = f.stored
	}
	return err
}

// loadText joins n asked keys with the table; CROSS JOIN keeps SQLite from walking the table instead of the keys.
func loadText(n int) string {
	var b strings.Builder
	b.WriteString("WITH v(actor, step, key) AS (VALUES ")
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "(CAST($%d AS text), CAST($%d AS text), CAST($%d AS text))", 3*i+1, 3*i+2, 3*i+3)
	}
	b.WriteString(`) SELECT a.actor, a.step, a.key, a.hash, a.answer FROM v CROSS JOIN kit_answer a
		WHERE a.actor = v.actor AND a.step = v.step AND a.key = v.key`)
	return b.String()
}

var insert = db.Insert{
	Table:      "kit_answer",
	Columns:    []string{"actor", "step", "key", "hash", "answer", "at"},
	OnConflict: "ON CONFLICT (actor, step, key) DO NOTHING",
}

// Save keeps answers with the transaction that made them true; rows with an empty key are left out. When another
// transaction has answered one of the keys meanwhile it fails with db.ErrAgain: decide anew and find that answer.
func Save(ctx context.Context, tx *db.Tx, rows []Row) error {
	missed, err := Offer(ctx, tx, rows)
	if err == nil && missed > 0 {
		err = db.ErrAgain.With("Answers", strconv.FormatInt(missed, 10))
	}
	return err
}

// Offer keeps answers as Save does, but leaves a key that has an answer by now as it is, and gives the number of those:
// for batches of many askers, of whom one that uses a key twice must not hold up the others.
func Offer(ctx context.Context, tx *db.Tx, rows []Row) (missed int64, err error) {
	now := db.Micros(tx.Now())
	values := make([][]any, 0, len(rows))
	for _, r := range rows {
		if r.Key.Key == "" {
			continue
		}
		raw, err := json.Marshal(r.Answer)
		if err != nil {
			return 0, fmt.Errorf("answer of %s: %w", r.Step, err)
		}
		values = append(values, []any{r.Actor, r.Step, r.Key.Key, r.Hash, string(raw), now})
	}
	written, err := db.InsertMany(ctx, tx, insert, values)
	return int64(len(values)) - written, err
}

// Once serves single steps: it gives the kept answer of the key, or decides and keeps. A refusal is not kept.
func Once[C, R any](ctx context.Context, tx *db.Tx, key Key, cmd C, decide func() (R, error)) (R, error) {
	var zero R
	if key.Key == "" {
		return decide()
	}
	hash, err := Hash(cmd)
	if err != nil {
		return zero, err
	}
	kept, err := Load(ctx, tx, []Key{key})
	if err != nil {
		return zero, err
	}
	if stored, ok := kept[key]; ok {
		var result R
		if err := stored.Read(hash, &result); err != nil {
			return zero, err
		}
		return result, nil
	}
	result, err := decide()
	if err != nil {
		return zero, err
	}
	if err := Save(ctx, tx, []Row{{Key: key, Hash: hash, Answer: result}}); err != nil {
		return zero, err
	}
	return result, nil
}
