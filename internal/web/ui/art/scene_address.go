package art

import (
	"net/http"
	"strconv"
	"strings"
)

// Prefix is the folder of addresses that Handler serves.
const Prefix = "/art/"

// URL gives the address of one scene; an unknown kind draws a plain table setting.
func URL(kind string, seed uint64) string {
	return Prefix + kind + "/" + strconv.FormatUint(seed, 10) + ".svg?v=" + version
}

// version is part of every address; raise it when a drawing changes, for the pictures are cached for ever.
const version = "1"

// Handler serves Scene pictures under Prefix.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind, rest, found := strings.Cut(strings.TrimPrefix(r.URL.Path, Prefix), "/")
		seed, err := strconv.ParseUint(strings.TrimSuffix(rest, ".svg"), 10, 64)
		if !found || err != nil || !strings.HasSuffix(rest, ".svg") {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "image/svg+xml")
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write([]byte(Scene(kind, seed)))
	})
}
