package dbtest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// RecordVariable names the environment variable with a folder: every test program leaves there which statement texts
// ran on which engine, so that the test suite can compare them over all packages.
const RecordVariable = "DURE_STATEMENTS"

// Record is one line of such a file.
type Record struct {
	Engine db.Engine
	Text   string // in its normal form
}

// everything is what this program has heard in all tests.
var everything statements

// recordFile is opened once per program; nil without the variable.
var recordFile = sync.OnceValues(openRecord)

func openRecord() (*os.File, error) {
	folder := os.Getenv(RecordVariable)
	if folder == "" {
		return nil, nil // no wish, no file
	}
	return os.OpenFile(filepath.Join(folder, fmt.Sprintf("%d.jsonl", os.Getpid())),
		os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
}

// listener gives what a database tells its statements to.
func listener(texts *statements) func(db.Engine, string) {
	return func(engine db.Engine, text string) {
		if texts != nil {
			texts.hear(engine, text)
		}
		if form, isNew := everything.hear(engine, text); isNew {
			keep(Record{engine, form})
		}
	}
}

// keep writes a line. What cannot be written is missing on both sides or found as a difference, so it is not lost
// silently.
func keep(r Record) {
	file, err := recordFile()
	if err != nil || file == nil {
		return
	}
	line, err := json.Marshal(r)
	if err != nil {
		return
	}
	_, _ = file.Write(append(line, '\n'))
}
