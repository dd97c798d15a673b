package command

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

var update = flag.Bool("update", false, "write the table of settings into docs/operating.md")

const (
	tableBegin = "<!-- settings: written by go test ./internal/command -run TestOperatingPage -update -->\n"
	tableEnd   = "<!-- end of settings -->\n"
)

// settings is the table of everything that serve can be told, from the configuration itself.
func settings(t *testing.T) string {
	t.Helper()
	bundle, err := i18n.New(locale.Files)
	if err != nil {
		t.Fatal(err)
	}
	var config struct{ app.Config }
	korean := model(t, &config, bundle.For(i18n.Korean))
	english := model(t, &config, bundle.For(i18n.English))
	var out strings.Builder
	out.WriteString("| 설정 (flag) | 환경 변수 (environment) | 기본값 (default) | 뜻 | meaning |\n")
	out.WriteString("| --- | --- | --- | --- | --- |\n")
	for i, f := range korean {
		value := f.Default
		if f.Name == "data" { // differs from machine to machine
			value = "~/.local/share/dure"
		}
		if value != "" {
			value = "`" + value + "`"
		}
		env := ""
		if len(f.Envs) > 0 {
			env = "`" + f.Envs[0] + "`"
		}
		meaning := strings.NewReplacer("|", "\\|", "\n", " ")
		_, _ = fmt.Fprintf(&out, "| `--%s` | %s | %s | %s | %s |\n", f.Name, env, value, meaning.Replace(f.Help),
			meaning.Replace(english[i].Help))
	}
	return out.String()
}

func model(t *testing.T, config any, words *i18n.Localizer) []*kong.Flag {
	t.Helper()
	parser, err := kong.New(config, kong.NoDefaultHelp(), helpWords(words), kong.BindTo(context.Background(),
		(*context.Context)(nil)), kong.Writers(&bytes.Buffer{}, &bytes.Buffer{}))
	if err != nil {
		t.Fatal(err)
	}
	return parser.Model.Flags
}

// The page names every setting, with the words of the program's own help.
func TestOperatingPage(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "operating.md")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(raw), tableBegin)
	written, after, closed := strings.Cut(rest, tableEnd)
	if !ok || !closed {
		t.Fatal("the page has no place for the table")
	}
	want := settings(t)
	if *update {
		if err := os.WriteFile(path, []byte(before+tableBegin+want+tableEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if written != want {
		t.Errorf("the table differs from the configuration: run this test with -update\n%s", want)
	}
	for _, name := range []string{"serve", "demo", "migrate", "import regions", "import merchants", "doctor", "backup",
		"restore"} {
		if !strings.Contains(before+after, "`dure "+name) {
			t.Errorf("the page does not tell of dure %s", name)
		}
	}
}
