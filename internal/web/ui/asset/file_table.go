package asset

import (
	"embed"
	"encoding/json"
	"fmt"
	"sync"
)

//go:embed dist/* npm/pretendard/*.woff2 npm/zxing-wasm/zxing_reader.wasm
var files embed.FS

// Entry is one line of dist/manifest.json: where a named file lies and which hash its address carries.
type Entry struct {
	Path string `json:"path"` // inside the embedded tree
	Hash string `json:"hash"` // first 10 hex digits of the SHA-256 of the content
	Size int    `json:"size"` // bytes, uncompressed
}

var table = sync.OnceValue(func() map[string]Entry {
	raw, err := files.ReadFile("dist/manifest.json")
	if err != nil {
		return nil
	}
	var entries map[string]Entry
	if err := json.Unmarshal(raw, &entries); err != nil {
		return nil
	}
	return entries
})

// Prefix is the folder of addresses that Handler serves.
const Prefix = "/assets/"

// URL gives the content-hashed address of a built file such as "app.css"; an unknown name gives an address that
// answers 404.
func URL(name string) string {
	entry, ok := table()[name]
	if !ok {
		return Prefix + "missing/" + name
	}
	return Prefix + hashedName(name, entry.Hash)
}

// IconURL gives the address of one symbol in the icon sprite.
func IconURL(icon string) string { return URL("icons.svg") + "#" + icon }

// Read gives the uncompressed content of a built file.
func Read(name string) ([]byte, error) {
	entry, ok := table()[name]
	if !ok {
		return nil, fmt.Errorf("asset %q is not in the manifest", name)
	}
	return files.ReadFile(entry.Path)
}

// Names lists the built files with their manifest lines; the caller gets a copy.
func Names() map[string]Entry {
	names := make(map[string]Entry, len(table()))
	for name, entry := range table() {
		names[name] = entry
	}
	return names
}

func hashedName(name, hash string) string {
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '.' {
			return name[:i] + "." + hash + name[i:]
		}
	}
	return name + "." + hash
}
