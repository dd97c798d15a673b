package form

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// The limits that hold when Options leave them at zero.
const (
	TextBytesDefault = 64 << 10 // all text of a form, names included
	fieldsMax        = 1000     // values of a form
	// envelopeBytes is what multipart headers and boundaries may cost a part.
	envelopeBytes = 1 << 10
)

// Refusals of a whole form.
var (
	ErrTooLarge      = fail.New(fail.TooLarge, "form.too_large")
	ErrTooManyFields = fail.New(fail.TooLarge, "form.too_many_fields")
	ErrUnreadable    = fail.New(fail.Invalid, "form.unreadable")
	ErrNotText       = fail.New(fail.Invalid, "form.not_text")
)

// Options bound one form; zero values mean the defaults and no files.
type Options struct {
	TextBytes int64 // all text together, in bytes
	FileBytes int64 // each file, in bytes
	Files     int   // how many files
}

// File is one uploaded file, held in memory. Name and Type are what the browser claims: never trust them.
type File struct {
	Name string
	Type string
	Data []byte
}

// Form is a read form; its getters clean and check values and collect refusals. It serves one request, one goroutine.
type Form struct {
	values  url.Values
	files   map[string][]File
	secrets map[string]bool
	faults  fail.List
}

// Read takes a request's body apart. It answers ErrTooLarge, ErrTooManyFields, ErrUnreadable or ErrNotText.
func Read(w http.ResponseWriter, r *http.Request, options Options) (*Form, error) {
	if options.TextBytes <= 0 {
		options.TextBytes = TextBytesDefault
	}
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, ErrUnreadable.Wrap(err)
	}
	switch kind {
	case "application/x-www-form-urlencoded":
		r.Body = http.MaxBytesReader(w, r.Body, options.TextBytes)
		return readEncoded(r.Body)
	case "multipart/form-data":
		boundary := parameters["boundary"]
		if boundary == "" {
			return nil, ErrUnreadable
		}
		files := int64(options.Files)
		r.Body = http.MaxBytesReader(w, r.Body, 2*options.TextBytes+files*(options.FileBytes+envelopeBytes))
		return readMultipart(multipart.NewReader(r.Body, boundary), options)
	}
	return nil, ErrUnreadable.Wrap(errors.New("content type " + kind))
}

// Query reads the values of a request's URL, as search pages need.
func Query(r *http.Request) (*Form, error) {
	if len(r.URL.RawQuery) > TextBytesDefault {
		return nil, ErrTooLarge
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, ErrUnreadable.Wrap(err)
	}
	return fromValues(values)
}

func readEncoded(body io.Reader) (*Form, error) {
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, readFault(err)
	}
	values, err := url.ParseQuery(string(data))
	if err != nil {
		return nil, ErrUnreadable.Wrap(err)
	}
	return fromValues(values)
}

// readMultipart reads part by part, so that no part is held before its own limit is known to keep.
func readMultipart(reader *multipart.Reader, options Options) (*Form, error) {
	values, files := url.Values{}, map[string][]File{}
	textLeft, filesLeft, parts := options.TextBytes, options.Files, 0
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) && parts > 0 {
			break
		}
		if err != nil {
			return nil, readFault(err)
		}
		if parts++; parts > fieldsMax {
			return nil, ErrTooManyFields
		}
		name := part.FormName()
		if part.FileName() == "" && part.Header.Get("Content-Type") == "" {
			data, err := readAtMost(part, textLeft)
			if err != nil {
				return nil, err
			}
			textLeft -= int64(len(data) + len(name))
			values.Add(name, string(data))
			continue
		}
		// A file field left empty is sent as a part without a name and without bytes.
		data, err := readAtMost(part, options.FileBytes)
		if err != nil {
			return nil, fieldFault(err, name)
		}
		if len(data) == 0 && part.FileName() == "" {
			continue
		}
		if filesLeft--; filesLeft < 0 {
			return nil, ErrTooLarge.On(name)
		}
		files[name] = append(files[name], File{part.FileName(), part.Header.Get("Content-Type"), data})
	}
	form, err := fromValues(values)
	if err != nil {
		return nil, err
	}
	form.files = files
	return form, nil
}

func readAtMost(reader io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(reader, limit+1))
	if err != nil {
		return nil, readFault(err)
	}
	if int64(len(data)) > limit {
		return nil, ErrTooLarge
	}
	return data, nil
}

func readFault(err error) error {
	var over *http.MaxBytesError
	if errors.As(err, &over) {
		return ErrTooLarge
	}
	return ErrUnreadable.Wrap(err)
}

func fieldFault(err error, name string) error {
	if refusal, ok := fail.As(err); ok {
		return refusal.On(name)
	}
	return err
}

// fromValues checks what no getter may ever see: too many values, NUL (PostgreSQL refuses it) and broken UTF-8.
func fromValues(values url.Values) (*Form, error) {
	count := 0
	for name, list := range values {
		if count += len(list); count > fieldsMax {
			return nil, ErrTooManyFields
		}
		for _, value := range append([]string{name}, list...) {
			if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
				return nil, ErrNotText.On(strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", ""), ""))
			}
		}
	}
	return &Form{values: values, secrets: map[string]bool{}}, nil
}

// Values gives what was typed, to show it again; fields read with Secret are left out.
func (f *Form) Values() url.Values {
	shown := url.Values{}
	for name, list := range f.values {
		if !f.secrets[name] {
			shown[name] = list
		}
	}
	return shown
}

// Add notes a refusal that the caller found itself; nil is ignored.
func (f *Form) Add(refusal *fail.Error) {
	if refusal != nil {
		f.faults = append(f.faults, refusal)
	}
}

// Err gives every refusal so far as a fail.List, and nil when there is none.
func (f *Form) Err() error { return f.faults.Err() }
