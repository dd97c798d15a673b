package pagetest_test

import (
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"
)

// sheet is what a page offers: where its links lead and what its forms send.
type sheet struct {
	links []string
	forms []form
}

// form is one form that writes, filled in as the page shows it.
type form struct {
	action string
	fields url.Values
}

// parse reads a page of ours. They are written by one hand, so that a lenient reader of XML is enough.
func parse(body string) (sheet, error) {
	d := xml.NewDecoder(strings.NewReader(body))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var p parser
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return p.sheet, nil
		}
		if err != nil {
			return p.sheet, err
		}
		switch each := token.(type) {
		case xml.StartElement:
			p.begin(each.Name.Local, attributes(each))
		case xml.EndElement:
			p.end(each.Name.Local)
		case xml.CharData:
			if p.area != "" {
				p.text += string(each)
			}
		}
	}
}

func attributes(e xml.StartElement) map[string]string {
	all := map[string]string{}
	for _, a := range e.Attr {
		name := a.Name.Local
		if a.Name.Space != "" {
			name = a.Name.Space + ":" + name
		}
		all[name] = a.Value
	}
	return all
}

// parser is where in a page the reading stands.
type parser struct {
	sheet
	open         *form
	choice, area string // names of the open select and textarea
	text         string
}

func (p *parser) begin(name string, a map[string]string) {
	for _, link := range []string{a["href"], a["src"], a["hx-get"]} {
		if strings.HasPrefix(link, "/") && !strings.HasPrefix(link, "//") {
			p.links = append(p.links, link)
		}
	}
	if name == "form" && strings.EqualFold(a["method"], "post") {
		p.open = &form{action: a["action"], fields: url.Values{}}
		return
	}
	if p.open == nil {
		return
	}
	_, picked := a["checked"]
	switch name {
	case "input":
		p.input(a, picked)
	case "button":
		if a["name"] != "" && !p.open.fields.Has(a["name"]) {
			p.open.fields.Add(a["name"], a["value"])
		}
	case "select":
		p.choice = a["name"]
	case "option":
		_, chosen := a["selected"]
		if chosen || p.choice != "" && !p.open.fields.Has(p.choice) {
			p.open.fields.Set(p.choice, a["value"])
		}
	case "textarea":
		p.area, p.text = a["name"], ""
	}
}

func (p *parser) input(a map[string]string, picked bool) {
	fields := p.open.fields
	switch {
	case a["name"] == "" || a["type"] == "file" || a["type"] == "submit":
	case a["type"] == "radio":
		if picked || !fields.Has(a["name"]) {
			fields.Set(a["name"], a["value"])
		}
	case a["type"] == "checkbox":
		if a["value"] == "" {
			a["value"] = "on"
		}
		if picked || !fields.Has(a["name"]) {
			fields.Add(a["name"], a["value"])
		}
	default:
		fields.Add(a["name"], a["value"])
	}
}

func (p *parser) end(name string) {
	if p.open == nil {
		return
	}
	switch name {
	case "form":
		p.forms, p.open = append(p.forms, *p.open), nil
	case "select":
		p.choice = ""
	case "textarea":
		p.open.fields.Add(p.area, p.text)
		p.area = ""
	}
}
