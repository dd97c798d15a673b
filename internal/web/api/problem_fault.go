package api

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dure-commerce/dure/internal/kit/i18n"
)

// faults tell by the beginning of the framework's message what is wrong, the longer beginning first. The rest of the
// message is the bound or the name it speaks of.
var faults = []struct{ begin, code string }{
	{"unexpected property", "request.fault.unknown"},
	{"expected required property ", "request.fault.missing"},
	{"required ", "request.fault.missing"},
	{"expected number >= ", "request.fault.least"},
	{"expected number <= ", "request.fault.most"},
	{"expected length >= ", "request.fault.shortest"},
	{"expected length <= ", "request.fault.longest"},
	{"expected integer", "request.fault.integer"},
	{"expected number", "request.fault.integer"},
	{"expected string", "request.fault.text"},
	{"expected boolean", "request.fault.boolean"},
}

// faultOf says in the reader's language which value is wrong and why.
func faultOf(words *i18n.Localizer, e *huma.ErrorDetail) Fault {
	f := Fault{Field: strings.TrimPrefix(e.Location, "body."), Code: "request.invalid"}
	bound := ""
	for _, one := range faults {
		if rest, ok := strings.CutPrefix(e.Message, one.begin); ok {
			f.Code, bound = one.code, rest
			break
		}
	}
	if name, ok := strings.CutSuffix(bound, " to be present"); ok && f.Code == "request.fault.missing" {
		f.Field = strings.TrimPrefix(f.Field+"."+name, "body.") // the framework names the object that lacks it
	}
	f.Detail = words.T(f.Code, "Bound", bound)
	return f
}
