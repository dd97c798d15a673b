package pgserver

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
)

// ErrMissing says that this machine has no PostgreSQL server, and what to do about it.
var ErrMissing = errors.New("PostgreSQL server programs (initdb, postgres) were not found: " +
	"install them (on Debian or Ubuntu: apt-get install postgresql; on macOS: brew install postgresql) " +
	"or put their folder on PATH; tests always run on both engines")

// Find returns the folder that holds initdb and postgres, the newest version first.
func Find() (string, error) { return find("/usr/lib/postgresql/*/bin/initdb") }

func find(pattern string) (string, error) {
	found, err := filepath.Glob(pattern)
	if err != nil {
		return "", fmt.Errorf("look for PostgreSQL: %w", err)
	}
	sort.Slice(found, func(i, j int) bool { return majorOf(found[i]) > majorOf(found[j]) })
	for _, initdb := range found {
		folder := filepath.Dir(initdb)
		if _, err := os.Stat(filepath.Join(folder, "postgres")); err == nil {
			return folder, nil
		}
	}
	return findOnPath()
}

func findOnPath() (string, error) {
	initdb, err := exec.LookPath("initdb")
	if err != nil {
		return "", ErrMissing
	}
	if _, err := exec.LookPath("postgres"); err != nil {
		return "", ErrMissing
	}
	return filepath.Dir(initdb), nil
}

// majorOf reads 15 out of /usr/lib/postgresql/15/bin/initdb; anything else sorts last.
func majorOf(initdb string) int {
	major, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	if err != nil {
		return 0
	}
	return major
}
