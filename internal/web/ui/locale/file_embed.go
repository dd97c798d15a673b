package locale

import "embed"

// Files holds one folder a language.
//
//go:embed ko/*.json en/*.json
var Files embed.FS
