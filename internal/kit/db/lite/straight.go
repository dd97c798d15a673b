package lite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// Text is a statement that was built once: whoever keeps the pointer need not compare texts of many thousand letters.
type Text struct {
	Whole  string
	Writes string // the words that name the table it writes to: "INTO orders"
}

// Straight runs writes on one connection past database/sql, which looks at every value by reflection and copies it:
// a batch has thousands. Whoever uses it makes sure that nobody else uses the connection meanwhile.
type Straight struct {
	conn  *sql.Conn
	built map[*Text]driver.Stmt
	plain map[string]driver.Stmt
	args  []driver.NamedValue // of the statement that runs
}

// NewStraight makes it for a connection that stays its owner's.
func NewStraight(conn *sql.Conn) *Straight {
	return &Straight{conn: conn, built: map[*Text]driver.Stmt{}, plain: map[string]driver.Stmt{}}
}

// Close ends the statements. The connection stays open.
func (s *Straight) Close() {
	_ = s.conn.Raw(func(any) error { // a connection that is closed has ended them
		for _, stmt := range s.built {
			_ = stmt.Close()
		}
		for _, stmt := range s.plain {
			_ = stmt.Close()
		}
		return nil
	})
}

// Exec runs a statement and gives the number of rows it changed; their number is bounded by the code.
func (s *Straight) Exec(ctx context.Context, text string, args []any) (changed int64, err error) {
	err = s.conn.Raw(func(conn any) error {
		stmt, err := prepared(ctx, conn, s.plain, text, text)
		if err == nil {
			changed, err = s.exec(ctx, stmt, args)
		}
		return err
	})
	return changed, err
}

// Many is Exec for a built statement.
func (s *Straight) Many(ctx context.Context, text *Text, args []any) (changed int64, err error) {
	err = s.conn.Raw(func(conn any) error {
		stmt, err := prepared(ctx, conn, s.built, text, text.Whole)
		if err == nil {
			changed, err = s.exec(ctx, stmt, args)
		}
		return err
	})
	return changed, err
}

// Keys runs a built statement and gives its rows, each of one text.
func (s *Straight) Keys(ctx context.Context, text *Text, args []any) (keys []string, err error) {
	err = s.conn.Raw(func(conn any) error {
		stmt, err := prepared(ctx, conn, s.built, text, text.Whole)
		if err == nil {
			keys, err = s.keys(ctx, stmt, args)
		}
		return err
	})
	return keys, err
}

// prepared keeps a statement per text.
func prepared[K comparable](
	ctx context.Context, conn any, kept map[K]driver.Stmt, key K, text string,
) (driver.Stmt, error) {
	if stmt, ok := kept[key]; ok {
		return stmt, nil
	}
	stmt, err := conn.(driver.ConnPrepareContext).PrepareContext(ctx, Rewritten(text))
	if err == nil {
		kept[key] = stmt
	}
	return stmt, err
}

func (s *Straight) exec(ctx context.Context, stmt driver.Stmt, args []any) (int64, error) {
	values, err := s.values(args)
	if err != nil {
		return 0, err
	}
	defer clear(values)
	result, err := stmt.(driver.StmtExecContext).ExecContext(ctx, values)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (s *Straight) keys(ctx context.Context, stmt driver.Stmt, args []any) (keys []string, err error) {
	values, err := s.values(args)
	if err != nil {
		return nil, err
	}
	defer clear(values)
	rows, err := stmt.(driver.StmtQueryContext).QueryContext(ctx, values)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	row := make([]driver.Value, 1)
	for {
		switch err := rows.Next(row); {
		case errors.Is(err, io.EOF):
			return keys, nil
		case err != nil:
			return nil, err
		}
		key, ok := row[0].(string)
		if !ok {
			return nil, fmt.Errorf("a key of type %T", row[0])
		}
		keys = append(keys, key)
	}
}

// values are the parameters as drivers take them, good until the next statement.
func (s *Straight) values(args []any) ([]driver.NamedValue, error) {
	if cap(s.args) < len(args) {
		s.args = make([]driver.NamedValue, len(args))
	}
	out := s.args[:len(args)]
	for i, arg := range args {
		switch v := arg.(type) {
		case nil, string, int64, bool, []byte:
			out[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
		case int:
			out[i] = driver.NamedValue{Ordinal: i + 1, Value: int64(v)}
		default:
			value, err := driver.DefaultParameterConverter.ConvertValue(v)
			if err != nil {
				return nil, err
			}
			out[i] = driver.NamedValue{Ordinal: i + 1, Value: value}
		}
	}
	return out, nil
}
