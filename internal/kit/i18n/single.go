package i18n

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"text/template/parse"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// singles are the messages with one form for every count, compiled as they are asked for. They are most of all, and a
// page says dozens: for them neither a plural form is looked up nor a template walked.
type singles struct {
	speaker   *Localizer // whose numbers and times the messages write
	kept      sync.Map   // key → *single
	functions template.FuncMap
}

// single is one message.
type single struct {
	parts    []piece            // when it is but texts and values
	compiled *template.Template // else
}

// piece is a text, or a value with what is done to it.
type piece struct {
	text string
	name string // of the value, "" for a text
	how  string // function, "" for none
	pair string // second argument of josa
}

// hasOneForm reports a message that says the same for every count.
func hasOneForm(m *goi18n.Message) bool {
	return m.Zero == "" && m.One == "" && m.Two == "" && m.Few == "" && m.Many == "" && m.Other != ""
}

func (s *singles) get(key string, m *goi18n.Message) *single {
	if kept, ok := s.kept.Load(key); ok {
		return kept.(*single)
	}
	compiled, err := template.New("").Option("missingkey=error").Funcs(s.functions).Parse(m.Other)
	if err != nil {
		return nil
	}
	made := &single{compiled: compiled}
	if compiled.Tree != nil {
		made.parts = pieces(compiled.Root)
	}
	s.kept.Store(key, made)
	return made
}

// pieces takes a template apart that is but texts and values; nil for any other.
func pieces(root *parse.ListNode) []piece {
	out := []piece{}
	for _, node := range root.Nodes {
		switch n := node.(type) {
		case *parse.TextNode:
			out = append(out, piece{text: string(n.Text)})
		case *parse.ActionNode:
			p, ok := pieceOf(n.Pipe)
			if !ok {
				return nil
			}
			out = append(out, p)
		default:
			return nil
		}
	}
	return out
}

// pieceOf reads {{.Name}}, {{won .Price}} and {{josa .Name "은/는"}}.
func pieceOf(pipe *parse.PipeNode) (p piece, ok bool) {
	if len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 {
		return p, false
	}
	args := pipe.Cmds[0].Args
	if function, is := args[0].(*parse.IdentifierNode); is {
		p.how, args = function.Ident, args[1:]
	}
	if p.how == "josa" && len(args) == 2 {
		pair, is := args[1].(*parse.StringNode)
		if !is {
			return p, false
		}
		p.pair, args = pair.Text, args[:1]
	}
	if len(args) != 1 {
		return p, false
	}
	field, is := args[0].(*parse.FieldNode)
	if !is || len(field.Ident) != 1 {
		return p, false
	}
	p.name = field.Ident[0]
	return p, p.how == "" || p.how == "josa" || p.how == "won" || p.how == "count" || p.how == "percent"
}

// fill writes the message; false when a value is missing or not what it should be.
func (s *single) fill(l *Localizer, data map[string]any) (string, bool) {
	var out strings.Builder
	if s.parts == nil {
		err := s.compiled.Execute(&out, data)
		return out.String(), err == nil
	}
	for _, p := range s.parts {
		if p.name == "" {
			out.WriteString(p.text)
			continue
		}
		value, ok := data[p.name]
		if !ok || value == nil {
			return "", false
		}
		text, err := p.write(l, value)
		if err != nil {
			return "", false
		}
		out.WriteString(text)
	}
	return out.String(), true
}

func (p piece) write(l *Localizer, value any) (string, error) {
	switch p.how {
	case "won":
		return numbered(value, l.Won)
	case "count":
		return numbered(value, l.Count)
	case "percent":
		return numbered(value, l.Percent)
	}
	var text string
	switch v := value.(type) {
	case string:
		text = v
	case int:
		text = strconv.Itoa(v)
	case int64:
		text = strconv.FormatInt(v, 10)
	default: // the template knows what becomes of it
		return "", fmt.Errorf("i18n: %T is no plain value", value)
	}
	if p.how == "josa" {
		return Josa(text, p.pair)
	}
	return text, nil
}
