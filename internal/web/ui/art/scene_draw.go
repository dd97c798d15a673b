package art

import (
	"embed"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed scene/*.svg
var drawings embed.FS

// palette holds the colours a scene is painted with; the drawings name them @bg, @pot and so on.
type palette struct{ bg, sun, floor, shade, cream, ink, pot, pot2, hot, leaf, wood string }

// palettes are tried out together: every scene must stay readable in each of them.
func palettes() [8]palette {
	return [8]palette{
		{
			"#f6c28b", "#f9d6ac", "#e7a869", "#c9803c66", "#f7ead2", "#3b2a1e", "#2f5d50",
			"#224539", "#d9480f", "#4f8a4c", "#8a4b2a",
		},
		{
			"#cfe3d8", "#e0eee6", "#a9c9b8", "#6e957f66", "#fbf3e2", "#24352d", "#d9764a",
			"#b85b33", "#c8472a", "#3f7d5d", "#86603f",
		},
		{
			"#f3dcc4", "#faeada", "#dfbf9d", "#b08a6166", "#fff6e8", "#3a2c22", "#6f9a8d",
			"#55796e", "#c7522f", "#5b8f57", "#9a6a41",
		},
		{
			"#c9dcec", "#dce9f4", "#a3bfd6", "#6c8aa566", "#fdf4e3", "#22303f", "#35618e",
			"#284a6e", "#e2692f", "#4d8d68", "#8d6240",
		},
		{
			"#f4cfcb", "#f9e1dd", "#e3aba5", "#b0716966", "#fff3ea", "#40262a", "#8c4a5a",
			"#6c3444", "#d8503a", "#5f8f63", "#93593f",
		},
		{
			"#f5e0a3", "#faedc6", "#e3c26f", "#b3913d66", "#fffaf0", "#3a3118", "#3d6a72",
			"#2d5058", "#d75a1d", "#6a8f3c", "#94693a",
		},
		{
			"#dcd3ea", "#eae4f3", "#bfb1d6", "#83729f66", "#fbf4ea", "#2e2740", "#5f5596",
			"#484073", "#e0663f", "#5a8d71", "#86604a",
		},
		{
			"#d5dfb8", "#e5ecd0", "#b3c289", "#7f905266", "#fdf7e6", "#2c331d", "#7a4a2f",
			"#5d3722", "#d2562a", "#4f7f3a", "#8f6437",
		},
	}
}

// dusks are the night skies, from light to dark.
func dusks() [4][4]string {
	return [4][4]string{
		{"#26364f", "#1f2d45", "#18243a", "#111b2c"}, {"#3a2f4d", "#2f2540", "#241c33", "#191324"},
		{"#1f3d46", "#18323a", "#12272e", "#0c1c21"}, {"#4a3040", "#3b2533", "#2d1b27", "#20121b"},
	}
}

// Kinds lists every scene by name.
func Kinds() []string {
	names := make([]string, 0, len(scenes()))
	for name := range scenes() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var scenes = sync.OnceValue(func() map[string]string {
	found := map[string]string{}
	entries, err := drawings.ReadDir("scene")
	if err != nil {
		return found
	}
	for _, entry := range entries {
		text, err := drawings.ReadFile("scene/" + entry.Name())
		if err == nil {
			found[strings.TrimSuffix(entry.Name(), ".svg")] = strings.TrimSpace(string(text))
		}
	}
	return found
})

// Scene draws one picture, 400 by 260, as a whole SVG document. The seed picks the colours, the light's place and the
// side the scene is seen from; an unknown kind is a laid table.
func Scene(kind string, seed uint64) string {
	inner, ok := scenes()[kind]
	if !ok {
		inner = scenes()["table"]
	}
	choice := mix(seed, kind)
	colours := palettes()
	p := colours[choice%uint64(len(colours))]
	sunX := [...]string{"322", "78", "330", "210"}[choice>>8%4]
	sunY := [...]string{"56", "70", "92", "44"}[choice>>16%4]
	side := ""
	if choice>>24%2 == 1 {
		side = ` transform="matrix(-1 0 0 1 400 0)"`
	}
	radius := strconv.FormatUint(76+choice>>32%36, 10)
	sky := dusks()[choice>>40%4]
	body := strings.NewReplacer("@dusk1", sky[0], "@dusk2", sky[1], "@dusk3", sky[2], "@dusk4", sky[3]).Replace(inner)
	body = p.replacer().Replace(body)
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 260" width="800" height="520">` +
		`<rect width="400" height="260" fill="` + p.bg + `"/>` +
		`<circle cx="` + sunX + `" cy="` + sunY + `" r="` + radius + `" fill="` + p.sun + `"/>` +
		`<g` + side + `>` + body + `</g></svg>`
}

func (p palette) replacer() *strings.Replacer {
	return strings.NewReplacer("@bg", p.bg, "@sun", p.sun, "@floor", p.floor, "@shade", p.shade, "@cream", p.cream,
		"@ink", p.ink, "@pot2", p.pot2, "@pot", p.pot, "@hot", p.hot, "@leaf", p.leaf, "@wood", p.wood)
}

// mix spreads neighbouring seeds and different kinds apart (FNV-1a, then a finishing shuffle).
func mix(seed uint64, kind string) uint64 {
	hash := uint64(14695981039346656037)
	for _, letter := range []byte(kind) {
		hash = (hash ^ uint64(letter)) * 1099511628211
	}
	hash += seed * 0x9e3779b97f4a7c15
	hash ^= hash >> 31
	hash *= 0xbf58476d1ce4e5b9
	return hash ^ hash>>29
}
