// Command build makes internal/web/ui/asset/dist out of the sources beside it: scripts and styles through esbuild,
// the icon sprite, the font sheet, brotli copies and the manifest. It runs no Node and reads nothing but this tree.
package main

import (
	"bytes"
	"flag"
	"log"
	"os"
	"path/filepath"
)

func main() {
	root := flag.String("asset", "../asset", "folder of the asset package")
	flag.Parse()
	built, err := buildAll(*root)
	if err != nil {
		log.Fatal(err)
	}
	if err := built.save(filepath.Join(*root, "dist")); err != nil {
		log.Fatal(err)
	}
}

// save writes the built files and takes away what is no longer built; an unchanged file is not touched.
func (b *output) save(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	old, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range old {
		if _, ok := b.files[entry.Name()]; !ok {
			if err := os.Remove(filepath.Join(dir, entry.Name())); err != nil {
				return err
			}
		}
	}
	for name, content := range b.files {
		path := filepath.Join(dir, name)
		if before, err := os.ReadFile(path); err == nil && bytes.Equal(before, content) {
			continue
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
