package asset

import (
	"bytes"
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

type served struct {
	kind  string
	plain []byte
	br    []byte
	gz    func() []byte
}

// Handler serves the built files under Prefix, for ever cacheable, since a changed file gets another address.
func Handler() http.Handler {
	byAddress := make(map[string]*served)
	for name, entry := range table() {
		plain, err := files.ReadFile(entry.Path)
		if err != nil {
			continue
		}
		file := &served{kind: kindOf(name), plain: plain}
		if squeezable(name) {
			file.br, _ = files.ReadFile("dist/" + name + ".br")
			file.gz = sync.OnceValue(func() []byte { return squeeze(plain) })
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
	body := f.plain
	if f.gz != nil {
		header.Set("Vary", "Accept-Encoding")
		accepted := r.Header.Get("Accept-Encoding")
		switch {
		case len(f.br) > 0 && accepts(accepted, "br"):
			header.Set("Content-Encoding", "br")
			body = f.br
		case accepts(accepted, "gzip"):
			header.Set("Content-Encoding", "gzip")
			body = f.gz()
		}
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, bytes.NewReader(body))
	}
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

func squeeze(plain []byte) []byte {
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
