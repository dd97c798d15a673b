package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"
)

type entry struct {
	Path string `json:"path"`
	Hash string `json:"hash"`
	Size int    `json:"size"`
}

// output is the whole of dist, by file name, with the manifest that names every servable file.
type output struct {
	root     string
	files    map[string][]byte
	manifest map[string]entry
}

func buildAll(root string) (*output, error) {
	out := &output{root: root, files: map[string][]byte{}, manifest: map[string]entry{}}
	steps := []func() error{
		out.addVendored, out.addIcons, out.addDrawings, out.addFontSheet, out.addBundles, out.addManifest,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (b *output) add(name string, content []byte) error {
	b.files[name] = content
	b.note(name, "dist/"+name, content)
	return b.addBrotli(name, content)
}

func (b *output) addBrotli(name string, content []byte) error {
	var squeezed bytes.Buffer
	w := brotli.NewWriterLevel(&squeezed, brotli.BestCompression)
	if _, err := w.Write(content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	b.files[name+".br"] = squeezed.Bytes()
	return nil
}

func (b *output) note(name, path string, content []byte) {
	sum := sha256.Sum256(content)
	b.manifest[name] = entry{Path: path, Hash: hex.EncodeToString(sum[:5]), Size: len(content)}
}

func (b *output) address(name string) string {
	ext := filepath.Ext(name)
	return "/assets/" + strings.TrimSuffix(name, ext) + "." + b.manifest[name].Hash + ext
}

// addVendored names the fonts and the decoder where they lie, so that they are not stored twice.
func (b *output) addVendored() error {
	fonts, err := filepath.Glob(filepath.Join(b.root, "npm/pretendard/*.woff2"))
	if err != nil {
		return err
	}
	for _, font := range fonts {
		content, err := os.ReadFile(font)
		if err != nil {
			return err
		}
		b.note(filepath.Base(font), "npm/pretendard/"+filepath.Base(font), content)
	}
	content, err := os.ReadFile(filepath.Join(b.root, "npm/zxing-wasm/zxing_reader.wasm"))
	if err != nil {
		return err
	}
	b.note("zxing_reader.wasm", "npm/zxing-wasm/zxing_reader.wasm", content)
	return b.addBrotli("zxing_reader.wasm", content)
}

var (
	svgOpen  = regexp.MustCompile(`(?s)^.*?<svg.*?>`)
	gapInXML = regexp.MustCompile(`>\s+<`)
)

// addIcons puts every vendored icon into one sprite; colour and stroke come from the element that uses a symbol.
func (b *output) addIcons() error {
	icons, err := filepath.Glob(filepath.Join(b.root, "npm/lucide/*.svg"))
	if err != nil {
		return err
	}
	sort.Strings(icons)
	var sprite bytes.Buffer
	sprite.WriteString(`<svg xmlns="http://www.w3.org/2000/svg">`)
	for _, icon := range icons {
		content, err := os.ReadFile(icon)
		if err != nil {
			return err
		}
		inner := strings.TrimSuffix(strings.TrimSpace(svgOpen.ReplaceAllString(string(content), "")), "</svg>")
		inner = strings.TrimSpace(gapInXML.ReplaceAllString(inner, "><"))
		name := strings.TrimSuffix(filepath.Base(icon), ".svg")
		fmt.Fprintf(&sprite, `<symbol id="%s" viewBox="0 0 24 24">%s</symbol>`, name, inner)
	}
	sprite.WriteString(`</svg>`)
	return b.add("icons.svg", sprite.Bytes())
}

// addDrawings takes the hand-made pictures as they are.
func (b *output) addDrawings() error {
	drawings, err := filepath.Glob(filepath.Join(b.root, "src/*.svg"))
	if err != nil {
		return err
	}
	for _, drawing := range drawings {
		content, err := os.ReadFile(drawing)
		if err != nil {
			return err
		}
		if err := b.add(filepath.Base(drawing), bytes.TrimSpace(content)); err != nil {
			return err
		}
	}
	return nil
}

var fontFile = regexp.MustCompile(`url\(\./woff2-dynamic-subset/([^)]+)\)`)

func (b *output) addFontSheet() error {
	sheet, err := os.ReadFile(filepath.Join(b.root, "npm/pretendard/pretendardvariable-dynamic-subset.css"))
	if err != nil {
		return err
	}
	text := fontFile.ReplaceAllStringFunc(string(sheet), func(found string) string {
		return "url(" + b.address(fontFile.FindStringSubmatch(found)[1]) + ")"
	})
	small := api.Transform(text, api.TransformOptions{
		Loader: api.LoaderCSS, MinifyWhitespace: true, MinifySyntax: true, LegalComments: api.LegalCommentsNone,
	})
	if len(small.Errors) > 0 {
		return fmt.Errorf("font sheet: %s", small.Errors[0].Text)
	}
	return b.add("font.css", small.Code)
}

func (b *output) addBundles() error {
	scripts, err := filepath.Glob(filepath.Join(b.root, "src/ts/*.ts"))
	if err != nil {
		return err
	}
	for i, script := range scripts {
		scripts[i] = absolute(script)
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir: absolute(b.root),
		EntryPoints:   append(scripts, absolute(filepath.Join(b.root, "src/css/app.css"))),
		EntryNames:    "[name]",
		Outdir:        "out",
		Bundle:        true, MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true,
		Format: api.FormatESModule, Platform: api.PlatformBrowser, Charset: api.CharsetUTF8,
		LegalComments: api.LegalCommentsNone,
		Define:        map[string]string{"ZXING_WASM_URL": fmt.Sprintf("%q", b.address("zxing_reader.wasm"))},
		Engines: []api.Engine{
			{Name: api.EngineChrome, Version: "123"}, {Name: api.EngineSafari, Version: "17.5"},
			{Name: api.EngineFirefox, Version: "120"},
		},
	})
	if len(result.Errors) > 0 {
		at := ""
		if place := result.Errors[0].Location; place != nil {
			at = fmt.Sprintf("%s:%d: ", place.File, place.Line)
		}
		return fmt.Errorf("esbuild: %s%s", at, result.Errors[0].Text)
	}
	for _, file := range result.OutputFiles {
		if err := b.add(filepath.Base(file.Path), file.Contents); err != nil {
			return err
		}
	}
	return nil
}

func (b *output) addManifest() error {
	text, err := json.MarshalIndent(b.manifest, "", " ")
	if err != nil {
		return err
	}
	b.files["manifest.json"] = append(text, '\n')
	return nil
}

func absolute(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	return abs
}
