package i18n_test

import (
	"encoding/json"
	"testing"
	"testing/fstest"

	"github.com/dure-commerce/dure/internal/kit/i18n"
)

type shout string

func (s shout) String() string { return string(s) + "!" }

// Messages with one form take a shorter way: it must write what the long one writes.
func TestTheShortWayWritesWhatTheTemplateWould(t *testing.T) {
	for _, c := range []struct {
		text  string
		pairs []any
		want  string
	}{
		{"{{.Name}}님, {{won .Price}}", []any{"Name", "김이웃", "Price", int64(19_900)}, "김이웃님, 19,900원"},
		{"{{.Name}}{{josa .Name \"은/는\"}} {{count .N}}명", []any{"Name", "두레", "N", 1_234}, "두레는 1,234명"},
		{"{{percent .Rate}}", []any{"Rate", 1_250}, "12.5%"},
		{"{{.A}}{{.B}}", []any{"A", 7, "B", int64(-8)}, "7-8"},
		{"{{.A}} {{.B}}", []any{"A", true, "B", shout("ho")}, "true ho!"},
		{"{{if .A}}{{.A}}{{else}}-{{end}}", []any{"A", ""}, "-"},
		{"{{.A}}", []any{"B", 1}, "x.text"},
		{"{{won .A}}", []any{"A", "many"}, "x.text"},
	} {
		bundle, err := i18n.New(fstest.MapFS{"ko/x.json": {Data: []byte(`{"x.text": ` + quoted(c.text) + `}`)},
			"en/x.json": {Data: []byte(`{"x.text": ` + quoted(c.text) + `}`)}})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if got := bundle.For("ko").T("x.text", c.pairs...); got != c.want {
				t.Errorf("%s: %q; want %q", c.text, got, c.want)
			}
		}
	}
}

func quoted(text string) string {
	out, err := json.Marshal(text)
	if err != nil {
		return err.Error()
	}
	return string(out)
}
