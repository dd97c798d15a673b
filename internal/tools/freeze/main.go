// Command freeze writes the hashes of all migrations to internal/tidy/migrations.sum, at a release: from then on they
// never change.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/dure-commerce/dure/internal/tidy"
)

func main() {
	if err := freeze("."); err != nil {
		fmt.Fprintln(os.Stderr, "freeze:", err)
		os.Exit(1)
	}
}

// freeze refuses to write while a migration that is frozen already differs from its hash.
func freeze(root string) error {
	repository, err := tidy.Load(os.DirFS(root))
	if err != nil {
		return err
	}
	if changed := tidy.Frozen(repository); len(changed) > 0 {
		return fmt.Errorf("%v", changed[0])
	}
	var b strings.Builder
	b.WriteString("# Released migrations: hash and folder. Written by internal/tools/freeze, never by hand.\n")
	for _, folder := range tidy.MigrationFolders(repository) {
		fmt.Fprintf(&b, "%s %s\n", tidy.Sum(repository, folder), folder)
	}
	return os.WriteFile(root+"/"+tidy.FrozenFile, []byte(b.String()), 0o644)
}
