package ui

import (
	"context"

	"github.com/a-h/templ"
)

// control gathers the attributes of a single input, in the order templ sorts them.
func (f Field) control(ctx context.Context) templ.Attributes {
	attrs := templ.Attributes{"id": f.id(), "name": f.Name}
	for name, value := range map[string]string{
		"placeholder": f.placeholder(), "autocomplete": f.Autocomplete, "inputmode": f.inputMode(),
		"pattern": f.Pattern, "min": f.Min, "max": f.Max, "step": f.Step, "aria-describedby": f.describedBy(),
	} {
		if value != "" {
			attrs[name] = value
		}
	}
	if f.MaxLength > 0 {
		attrs["maxlength"] = whole(int64(f.MaxLength))
	}
	if f.Error != "" {
		attrs["aria-invalid"] = "true"
	}
	for name, on := range map[string]bool{
		"required": !f.Optional && f.Type != "file", "readonly": f.ReadOnly, "disabled": f.Disabled, "autofocus": f.Focus,
	} {
		if on {
			attrs[name] = true
		}
	}
	switch f.Type {
	case "won":
		attrs["data-won"] = ""
		attrs["class"] = "won num"
		attrs["aria-label"] = f.Label + " (" + f.unit(ctx) + ")"
	case "number":
		attrs["class"] = "num"
	}
	for name, value := range f.Attrs {
		attrs[name] = value
	}
	return attrs
}

func (f Field) placeholder() string {
	if f.Type == "select" || f.Type == "file" {
		return ""
	}
	return f.Placeholder
}

func orOn(value string) string {
	if value == "" {
		return "on"
	}
	return value
}

var faceMarks = [...]struct{ value, icon, key string }{
	{"1", "angry", "ui.face.1"}, {"2", "frown", "ui.face.2"}, {"3", "meh", "ui.face.3"},
	{"4", "smile", "ui.face.4"}, {"5", "laugh", "ui.face.5"},
}
