package session

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// Kept bytes are: the absolute end in microseconds (8 bytes), whether a row exists already (1 byte, told from the codec
// to the store and kept as 0), then the values as JSON.
const headBytes = 9

var errShort = errors.New("session: kept bytes are too short")

// codec turns values to bytes. The library counts deadlines on the machine's clock; here the database's clock rules, so
// deadlines are translated by what is left of them.
type codec struct {
	d        *db.DB
	lifetime time.Duration
}

// Encode ignores the library's deadline: the age counts from what the session itself says.
func (c codec) Encode(_ time.Time, values map[string]any) ([]byte, error) {
	began := c.d.Clock().Now()
	if text, ok := values[keyBegan].(string); ok {
		us, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("session began: %w", err)
		}
		began = db.FromMicros(us)
	}
	kept := make(map[string]any, len(values))
	for name, value := range values {
		if name != keyKept {
			kept[name] = value
		}
	}
	raw, err := json.Marshal(kept)
	if err != nil {
		return nil, fmt.Errorf("session: %w", err)
	}
	out := binary.BigEndian.AppendUint64(make([]byte, 0, headBytes+len(raw)), uint64(db.Micros(began.Add(c.lifetime))))
	mark := byte(0)
	if _, ok := values[keyKept]; ok {
		mark = 1
	}
	return append(append(out, mark), raw...), nil
}

// Decode gives the deadline in the machine's time, for the cookie.
func (c codec) Decode(b []byte) (time.Time, map[string]any, error) {
	if len(b) < headBytes {
		return time.Time{}, nil, errShort
	}
	values := map[string]any{}
	if err := json.Unmarshal(b[headBytes:], &values); err != nil {
		return time.Time{}, nil, fmt.Errorf("session: %w", err)
	}
	values[keyKept] = ""
	left := absoluteEnd(b).Sub(c.d.Clock().Now())
	return clock.System().Now().Add(left), values, nil
}

func absoluteEnd(b []byte) time.Time { return db.FromMicros(int64(binary.BigEndian.Uint64(b))) }

// store keeps sessions in kit_session.
type store struct {
	d    *db.DB
	idle time.Duration
}

type row struct {
	data []byte
	ends time.Time
}

// FindCtx gives the bytes of a session that has not ended, and moves its idle end once an eighth of it has passed.
func (s *store) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	now := s.d.Clock().Now()
	kept, err := db.One(ctx, s.d, func(r db.Row) (row, error) {
		var k row
		err := r.Scan(&k.data, db.Time(&k.ends))
		return k, err
	}, `SELECT data, expires_at FROM kit_session WHERE token = $1`, token)
	if db.IsNoRow(err) || err == nil && !now.Before(kept.ends) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if len(kept.data) < headBytes {
		return nil, false, errShort
	}
	if ends := s.ends(now, kept.data); ends.Sub(kept.ends) > s.idle/8 {
		err := s.d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE kit_session SET expires_at = $1 WHERE token = $2 AND expires_at = $3`,
				db.Micros(ends), token, db.Micros(kept.ends))
			return err
		})
		if err != nil { // a page must not fail because its session will end a little earlier
			s.d.Log().Warn("session's end not moved", "error", err)
		}
	}
	return kept.data, true, nil
}

func (s *store) ends(now time.Time, data []byte) time.Time {
	idle, absolute := now.Add(s.idle), absoluteEnd(data)
	if absolute.Before(idle) {
		return absolute
	}
	return idle
}

// CommitCtx writes a new session, or changes one that still exists: a slow request must not bring back a session that
// was signed out meanwhile.
func (s *store) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	exists := data[headBytes-1] == 1
	data[headBytes-1] = 0
	return s.d.Write(ctx, func(tx *db.Tx) error {
		ends := db.Micros(s.ends(tx.Now(), data))
		if exists {
			_, err := db.Exec(ctx, tx, `UPDATE kit_session SET data = $1, expires_at = $2 WHERE token = $3`,
				data, ends, token)
			return err
		}
		_, err := db.Exec(ctx, tx, `INSERT INTO kit_session (token, data, expires_at) VALUES ($1, $2, $3)
			ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`, token, data, ends)
		return err
	})
}

// DeleteCtx ends a session.
func (s *store) DeleteCtx(ctx context.Context, token string) error {
	return s.d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM kit_session WHERE token = $1`, token)
		return err
	})
}

// The library's interface also wants methods without a context; it never calls them on a store that has the others.
func (s *store) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s *store) Commit(token string, data []byte, ends time.Time) error {
	return s.CommitCtx(context.Background(), token, data, ends)
}

// Delete is DeleteCtx without a context.
func (s *store) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
