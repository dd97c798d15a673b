package i18n

import (
	"fmt"
	"sort"
	"strings"
	"text/template"
	"text/template/parse"
	"time"

	gotemplate "github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// textParser parses messages with this language's functions; go-i18n keeps each result for ever since it is cacheable.
type textParser struct {
	functions template.FuncMap
}

func newParser(l *Localizer) *textParser { return &textParser{functions: functions(l)} }

// functions are what a catalogue may call: {{josa .Name "은/는"}}, {{won .Price}}, {{count .N}}, {{percent .Rate}},
// {{fullDate .Until}} and {{time .Until}}.
func functions(l *Localizer) template.FuncMap {
	return template.FuncMap{
		"josa":     func(word any, pair string) (string, error) { return Josa(fmt.Sprint(word), pair) },
		"won":      func(amount any) (string, error) { return numbered(amount, l.Won) },
		"count":    func(n any) (string, error) { return numbered(n, l.Count) },
		"percent":  func(bp any) (string, error) { return numbered(bp, l.Percent) },
		"fullDate": func(t time.Time) string { return l.FullDate(t) },
		"time":     func(t time.Time) string { return l.Time(t) },
	}
}

// numbered accepts every whole number a caller may have put into a message's values.
func numbered(value any, write func(int64) string) (string, error) {
	switch n := value.(type) {
	case int:
		return write(int64(n)), nil
	case int64:
		return write(n), nil
	case int32:
		return write(int64(n)), nil
	case uint64:
		return write(int64(n)), nil
	}
	return "", fmt.Errorf("i18n: %T is not a whole number", value)
}

// Cacheable tells go-i18n to parse each message once.
func (p *textParser) Cacheable() bool { return true }

// Parse compiles one message.
func (p *textParser) Parse(source, left, right string) (gotemplate.ParsedTemplate, error) {
	compiled, err := template.New("").Delims(left, right).Option("missingkey=error").Funcs(p.functions).Parse(source)
	if err != nil {
		return nil, err
	}
	return parsedText{compiled}, nil
}

type parsedText struct{ compiled *template.Template }

// Execute fills the message with its values.
func (t parsedText) Execute(data any) (string, error) {
	var out strings.Builder
	if err := t.compiled.Execute(&out, data); err != nil {
		return "", err
	}
	return out.String(), nil
}

// checkTemplates parses the given texts and refuses a particle that Josa does not know.
func checkTemplates(sources ...string) error {
	for _, source := range sources {
		if _, err := placeholders(source); err != nil {
			return err
		}
	}
	return nil
}

// placeholders lists the names a text asks for, in order, each once.
func placeholders(source string) ([]string, error) {
	compiled, err := template.New("").Funcs(functions(&Localizer{})).Parse(source)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	if compiled.Tree != nil {
		if err := walk(compiled.Root, found); err != nil {
			return nil, err
		}
	}
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	sort.Strings(names)
	return names, nil
}

// walk collects field names below a node and checks the pair of every josa call.
func walk(node parse.Node, found map[string]bool) error {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for _, child := range n.Nodes {
			if err := walk(child, found); err != nil {
				return err
			}
		}
	case *parse.ActionNode:
		return walk(n.Pipe, found)
	case *parse.IfNode:
		return walkBranch(&n.BranchNode, found)
	case *parse.WithNode:
		return walkBranch(&n.BranchNode, found)
	case *parse.PipeNode:
		for _, command := range n.Cmds {
			if err := walkCommand(command, found); err != nil {
				return err
			}
		}
	case *parse.FieldNode:
		found[n.Ident[0]] = true
	}
	return nil
}

func walkBranch(branch *parse.BranchNode, found map[string]bool) error {
	for _, node := range []parse.Node{branch.Pipe, branch.List, branch.ElseList} {
		if err := walk(node, found); err != nil {
			return err
		}
	}
	return nil
}

func walkCommand(command *parse.CommandNode, found map[string]bool) error {
	for _, argument := range command.Args {
		if err := walk(argument, found); err != nil {
			return err
		}
	}
	if name, ok := command.Args[0].(*parse.IdentifierNode); ok && name.Ident == "josa" && len(command.Args) == 3 {
		if pair, ok := command.Args[2].(*parse.StringNode); ok {
			_, err := Josa("가", pair.Text)
			return err
		}
	}
	return nil
}
