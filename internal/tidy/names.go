package tidy

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// emptyNames say nothing about what a package holds.
func emptyNames() []string {
	return []string{
		"util", "utils", "common", "helper", "helpers", "manager", "service", "services", "base", "impl", "misc",
		"shared", "core", "lib", "types", "models", "interfaces",
	}
}

var fileName = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)

// Names checks the names of packages and files, and that every package says what it is.
func Names(r *Repository) []Finding {
	var found []Finding
	documented := map[string]string{} // folder → file with the package comment
	packages := map[string]*File{}
	for _, file := range r.HandWritten() {
		folder := file.Folder()
		name := strings.TrimSuffix(file.Syntax.Name.Name, "_test")
		if packages[folder] == nil {
			packages[folder] = file
			if slices.Contains(emptyNames(), name) || slices.Contains(emptyNames(), path.Base(folder)) {
				found = append(found, Finding{folder, 0, "package " + name + ": the name says nothing; name the noun or the verb"})
			}
		}
		if base := strings.TrimSuffix(path.Base(file.Path), ".go"); !fileName.MatchString(base) {
			found = append(found, Finding{file.Path, 0, "files are named noun_verb.go, in lower case"})
		}
		if file.Syntax.Doc != nil && !file.Test() {
			documented[folder] = path.Base(file.Path)
		}
	}
	for folder, file := range packages {
		found = append(found, packageComment(folder, file, documented[folder])...)
	}
	return found
}

func packageComment(folder string, file *File, home string) []Finding {
	switch {
	case home == "":
		return []Finding{{folder, 0, "no package comment: doc.go says what it is, what it owns, what it will not do"}}
	case file.Syntax.Name.Name != "main" && home != "doc.go":
		return []Finding{{path.Join(folder, home), 0, "the package comment stands in doc.go"}}
	}
	return nil
}
