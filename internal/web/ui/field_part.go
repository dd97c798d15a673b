package ui

import (
	"context"
	"io"
	"strconv"

	"github.com/a-h/templ"
)

// Choice is one option of a select, a radio group or a list of checkboxes.
type Choice struct {
	Value, Label, Help string
	Won                string // price at the end of a boxed choice
	Icon               string
	Checked, Disabled  bool
}

// Field is one question of a form with its label, help and error; the value typed before is kept.
//
// Type is one of text, number, won, email, password, tel, url, search, date, time, datetime-local, textarea, select,
// checkbox, radio, checks, file, faces. A won field takes commas: read it with kit/form.
type Field struct {
	Name, Label, Help, Error string
	Type                     string // "text" unless set
	Value                    string
	Choices                  []Choice // select, radio, checks
	Placeholder              string
	Unit                     string // behind the box, such as "명"
	Icon                     string // inside the box, in front
	Autocomplete             string // WCAG 1.3.5: "email", "name", "tel", "new-password", …
	Inputmode                string
	Pattern                  string
	Min, Max, Step           string
	MaxLength                int
	Optional                 bool // marked so; all others are required
	Boxed                    bool // choices stand in boxes
	InRow                    bool // choices stand side by side
	Short                    bool
	ReadOnly, Disabled       bool
	Focus                    bool
	HideLabel                bool
	Checked                  bool // checkbox
	Multiple                 bool // file
	Accept                   string
	ID                       string           // "f-" + Name unless set
	Attrs                    templ.Attributes // on the control
}

// Render writes the field.
func (f Field) Render(ctx context.Context, w io.Writer) error { return f.view().Render(ctx, w) }

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return "f-" + f.Name
}

func (f Field) choiceID(i int) string {
	if i == 0 {
		return f.id()
	}
	return f.id() + "-" + strconv.Itoa(i)
}

func (f Field) describedBy() string {
	ids := ""
	if f.Help != "" {
		ids = f.id() + "-help"
	}
	if f.Error != "" {
		if ids != "" {
			ids += " "
		}
		ids += f.id() + "-error"
	}
	return ids
}

func (f Field) inputType() string {
	switch f.Type {
	case "":
		return "text"
	case "won":
		return "text"
	}
	return f.Type
}

func (f Field) inputMode() string {
	if f.Inputmode != "" {
		return f.Inputmode
	}
	switch f.Type {
	case "won", "number":
		return "numeric"
	}
	return ""
}

func (f Field) unit(ctx context.Context) string {
	if f.Unit == "" && f.Type == "won" {
		return word(ctx, "ui.won")
	}
	return f.Unit
}

func (f Field) boxClass() string {
	if f.Short {
		return "box short"
	}
	return "box"
}

func (f Field) choicesClass() string {
	class := "choices"
	if f.Boxed {
		class += " boxed"
	}
	if f.InRow {
		class += " abreast"
	}
	return class
}

func (f Field) chosen(c Choice) bool { return c.Checked || (f.Value != "" && f.Value == c.Value) }

func (f Field) many() string {
	if f.Type == "checks" {
		return "checkbox"
	}
	return "radio"
}

// FieldError is one line of the summary above a form.
type FieldError struct{ Field, Message string }

// Form is where a form goes and what guards it; the fields are its children.
type Form struct {
	Action, Method string // "post" unless set
	ID             string
	Key            string // idempotency key, sent as the hidden field "key"
	Back           string // address to come back to, sent as "next"
	Files          bool
	Errors         []FieldError
	Title          string           // for the summary's sentence; optional
	Repeat         bool             // may be sent again without a reload (downloads)
	Attrs          templ.Attributes // hx-*
}

func (f Form) method() string {
	if f.Method == "" {
		return "post"
	}
	return f.Method
}

// Hidden is one hidden value of a form.
type Hidden struct{ Name, Value string }

// Render writes the hidden field.
func (h Hidden) Render(ctx context.Context, w io.Writer) error { return h.view().Render(ctx, w) }

func whole(n int64) string { return strconv.FormatInt(n, 10) }
