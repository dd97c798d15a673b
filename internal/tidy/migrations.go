package tidy

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

const schemaFolder = "internal/schema"

// FrozenFile lists the released migrations with their hashes.
const FrozenFile = "internal/tidy/migrations.sum"

var (
	folderName  = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+$`)
	columnLine  = regexp.MustCompile(`(?m)^  (\w+) (\w+)`)
	ownKeywords = []string{"PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT", "OR", "AND"}
	references  = regexp.MustCompile(`(?i)\bREFERENCES\s+(\w+)`)
	schemaBans  = regexp.MustCompile(`(?i)\b(serial|bigserial|autoincrement|timestamptz?|timestamp|date|numeric|` +
		`decimal|real|double|float|varchar|jsonb?|uuid|int|integer|smallint|blob|enum|without rowid|` +
		`current_timestamp|generated always as identity)\b`)
)

// Migrations checks the folders of the schema: complete, numbered once, in shared types, and never changed after
// their release.
func Migrations(r *Repository) []Finding {
	var found []Finding
	numbers := map[string]string{}
	owners := TableOwners(r)
	for folder := range r.folders {
		if path.Dir(folder) != schemaFolder || path.Base(folder) == "testdata" {
			continue
		}
		number := folderName.FindStringSubmatch(path.Base(folder))
		if number == nil {
			found = append(found, Finding{folder, 0, "a migration is a folder NNNN_name"})
			continue
		}
		if other, twice := numbers[number[1]]; twice {
			first, second := min(folder, other), max(folder, other)
			found = append(found, Finding{second, 0, "has the number of " + first})
		}
		numbers[number[1]] = folder
		found = append(found, migrationFiles(r, folder)...)
		if up := r.File(folder + "/up.sql"); up != nil {
			found = append(found, columnTypes(up)...)
			found = append(found, foreignKeys(up, owners)...)
		}
	}
	return append(found, Frozen(r)...)
}

func migrationFiles(r *Repository, folder string) []Finding {
	var found []Finding
	for _, name := range []string{"up.sql", "notes.md", "before.sql", "after.sql"} {
		if r.File(folder+"/"+name) == nil {
			found = append(found, Finding{folder, 0, "has no " + name})
		}
	}
	if notes := r.File(folder + "/notes.md"); notes != nil && !ownerLine.MatchString(notes.Text) {
		found = append(found, Finding{notes.Path, 1, `has no line "owner: <noun>"`})
	}
	return found
}

func columnTypes(up *File) []Finding {
	var found []Finding
	for _, at := range columnLine.FindAllStringSubmatchIndex(up.Text, -1) {
		column, kind := up.Text[at[2]:at[3]], up.Text[at[4]:at[5]]
		if slices.Contains(ownKeywords, strings.ToUpper(column)) {
			continue
		}
		if schemaBans.MatchString(kind) {
			found = append(found, Finding{up.Path, 1 + strings.Count(up.Text[:at[0]], "\n"),
				fmt.Sprintf("column %s is %s: columns are text, bigint, boolean or bytea", column, kind)})
		}
	}
	for number, line := range strings.Split(up.Text, "\n") {
		for _, ban := range sqlBans() {
			if word := ban.pattern.FindString(line); word != "" && !strings.HasPrefix(strings.TrimSpace(line), "--") {
				found = append(found, Finding{up.Path, number + 1, squeeze(word) + " is not in the shared subset: " + ban.instead})
			}
		}
	}
	return found
}

// foreignKeys stay inside a noun: another noun's ids are text, so that nouns can be taken apart.
func foreignKeys(up *File, owners map[string]string) []Finding {
	var found []Finding
	table := ""
	for number, line := range strings.Split(up.Text, "\n") {
		if made := createTable.FindStringSubmatch(line); made != nil {
			table = made[1]
		}
		for _, hit := range references.FindAllStringSubmatch(line, -1) {
			if owners[hit[1]] != owners[table] {
				found = append(found, Finding{up.Path, number + 1, fmt.Sprintf(
					"%s refers to %s of another noun: keep the id as text, without a foreign key", table, hit[1])})
			}
		}
	}
	return found
}

// Frozen checks that released migrations are what they were. The list is written by the release tool, with Sum.
func Frozen(r *Repository) []Finding {
	list := r.File(FrozenFile)
	if list == nil {
		return nil
	}
	var found []Finding
	last := ""
	for number, line := range strings.Split(list.Text, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		sum, folder, ok := strings.Cut(line, " ")
		if !ok || !r.folders[schemaFolder+"/"+folder] {
			found = append(found, Finding{FrozenFile, number + 1, "a released migration is gone: " + folder})
			continue
		}
		if got := Sum(r, folder); got != sum {
			found = append(found, Finding{schemaFolder + "/" + folder, 0,
				"was released and has changed: put it back and add a new migration"})
		}
		last = max(last, folder)
	}
	for _, folder := range MigrationFolders(r) {
		if folder < last && !strings.Contains(list.Text, " "+folder+"\n") {
			found = append(found, Finding{schemaFolder + "/" + folder, 0,
				"comes before a released migration: give it the next number"})
		}
	}
	return found
}

// MigrationFolders lists the names of the folders in order.
func MigrationFolders(r *Repository) []string {
	var folders []string
	for folder := range r.folders {
		if path.Dir(folder) == schemaFolder && folderName.MatchString(path.Base(folder)) {
			folders = append(folders, path.Base(folder))
		}
	}
	slices.Sort(folders)
	return folders
}

// Sum is the hash of what a migration does: its SQL, not its notes.
func Sum(r *Repository, folder string) string {
	sum := sha256.New()
	for _, name := range []string{"up.sql", "up.sqlite.sql", "up.postgres.sql"} {
		if file := r.File(schemaFolder + "/" + folder + "/" + name); file != nil {
			fmt.Fprintf(sum, "%s %d\n%s", name, len(file.Text), file.Text)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}
