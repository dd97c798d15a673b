package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// line is a row as Dump writes it.
type line struct {
	Kind string          `json:"kind"`
	Key  string          `json:"key"`
	Body json.RawMessage `json:"body"`
}

// Dump writes every row, a JSON value each, so that another store can begin with them.
func (s *Store) Dump(w io.Writer) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := json.NewEncoder(w)
	for _, kind := range slices.Sorted(maps.Keys(s.tables)) {
		err := s.tables[kind].each(func(key string, row any) error {
			body, err := json.Marshal(row)
			if err != nil {
				return err
			}
			return out.Encode(line{kind, key, body})
		})
		if err != nil {
			return fmt.Errorf("dump %s: %w", kind, err)
		}
	}
	return nil
}

// Restore reads what Dump wrote into a store that is still empty and keeps everything in memory.
func (s *Store) Restore(r io.Reader) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := json.NewDecoder(r)
	for {
		var row line
		err := in.Decode(&row)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = s.load(row.Kind, row.Key, row.Body)
		}
		if err != nil {
			return fmt.Errorf("restore the sandbox's state: %w", err)
		}
	}
	s.loaded()
	return nil
}
