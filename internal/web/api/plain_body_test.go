package api

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What the short way reads, encoding/json reads the same; it may leave anything to the long way but what is usual.
func TestPlainBodiesReadAsJSON(t *testing.T) {
	pieces := []string{"{", "}", `"`, ":", ",", " ", "\n", "a", "deal_id", "quantity", "1", "0", "23", "-", ".", "e", `\`,
		`"a"`, `"deal_id"`, `"quantity":2`, `"code":"x"`, "null", "true", "[", "]", "한", "\x00", "\x7f", "999999999999999999"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 14).Draw(t, "pieces"), "")
		got, ok := readPlain(text)
		if !ok {
			return
		}
		var want map[string]any
		reader := json.NewDecoder(strings.NewReader(text))
		reader.UseNumber()
		if err := reader.Decode(&want); err != nil || reader.More() {
			t.Fatalf("%q is no JSON: %v", text, err)
		}
		if len(want) != got.n {
			t.Fatalf("%q: %d fields, want %d", text, got.n, len(want))
		}
		for _, f := range got.fields[:got.n] {
			switch value := want[f.name].(type) {
			case string:
				if !f.isText || f.text != value {
					t.Fatalf("%q: %+v, want %q", text, f, value)
				}
			case json.Number:
				if n, err := value.Int64(); err != nil || f.isText || f.number != n {
					t.Fatalf("%q: %+v, want %s", text, f, value)
				}
			default:
				t.Fatalf("%q: %+v, want %v", text, f, value)
			}
		}
	})
}

func TestPlainBodies(t *testing.T) {
	for text, want := range map[string]bool{
		`{"deal_id":"d","option_id":"o","quantity":1}`:        true,
		" {\n\t\"quantity\": 100 , \"deal_id\" : \"\" } \r\n": true,
		`{}`:                     false,
		`{"a":1}{`:               false,
		`{"a":1,}`:               false,
		`{"a":1,"a":2}`:          false,
		`{"a":01}`:               false,
		`{"a":1.0}`:              false,
		`{"a":1e2}`:              false,
		`{"a":-1}`:               false,
		`{"a":1234567890123456}`: false,
		`{"a":"\u0041"}`:         false,
		`{"a":"한"}`:              false,
		`{"a":null}`:             false,
		`{"a":["b"]}`:            false,
		`{"a":"b`:                false,
		`{"a":1`:                 false,
		`{"1":1,"2":1,"3":1,"4":1,"5":1,"6":1,"7":1,"8":1,"9":1}`: false,
		`["a"]`: false,
		``:      false,
	} {
		if _, ok := readPlain(text); ok != want {
			t.Errorf("%s: %v", text, ok)
		}
	}
}
