package asset

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// served names a file's forms. The program's own file holds them; they are copied while they are sent, and not before.
type served struct {
	kind      string
	plain, br string // names in files; br is "" where there is none
	gz        func() []byte
}

// Handler serves the built files under Prefix, for ever cacheable, since a changed file gets another address.
func Handler() http.Handler {
	byAddress := make(map[string]*served)
	for name, entry := range table() {
		if _, err := fs.Stat(files, entry.Path); err != nil {
			continue
		}
		file := &served{kind: kindOf(name), plain: entry.Path}
		if squeezable(name) {
			if _, err := fs.Stat(files, "dist/"+name+".br"); err == nil {
				file.br = "dist/" + name + ".br"
			}
			file.gz = sync.OnceValue(func() []byte { return squeeze(entry.Path) })
		}
		byAddress[hashedName(name, entry.Hash)] = file
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, ok := byAddress[strings.TrimPrefix(r.URL.Path, Prefix)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		file.write(w, r)
	})
}

func (f *served) write(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", f.kind)
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	body, size, err := f.body(header, r.Header.Get("Accept-Encoding"))
	if err != nil { // the files are part of the program
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	header.Set("Content-Length", strconv.FormatInt(size, 10))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, body)
	}
}

// body picks the form that the visitor accepts, and says so in the header.
func (f *served) body(header http.Header, accepted string) (body io.Reader, size int64, err error) {
	name := f.plain
	if f.gz != nil {
		header.Set("Vary", "Accept-Encoding")
		switch {
		case f.br != "" && accepts(accepted, "br"):
			header.Set("Content-Encoding", "br")
			name = f.br
		case accepts(accepted, "gzip"):
			header.Set("Content-Encoding", "gzip")
			return bytes.NewReader(f.gz()), int64(len(f.gz())), nil
		}
	}
	file, err := files.Open(name)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, err
	}
	return file, info.Size(), nil
}

// accepts reads an Accept-Encoding header; "gzip;q=0" is a refusal.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == coding {
			weight = strings.ReplaceAll(weight, " ", "")
			return strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != "" || !strings.HasPrefix(weight, "q=")
		}
	}
	return false
}

func kindOf(name string) string {
	switch path.Ext(name) {
	case ".woff2":
		return "font/woff2"
	case ".wasm":
		return "application/wasm"
	case ".js":
		return "text/javascript; charset=utf-8"
	}
	return mime.TypeByExtension(path.Ext(name))
}

func squeezable(name string) bool { return path.Ext(name) != ".woff2" }

func squeeze(name string) []byte {
	plain, err := files.ReadFile(name)
	if err != nil {
		return nil
	}
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return plain
	}
	if _, err := w.Write(plain); err != nil {
		return plain
	}
	if err := w.Close(); err != nil {
		return plain
	}
	return out.Bytes()
}
