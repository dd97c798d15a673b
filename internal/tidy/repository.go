package tidy

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	modulePath    = "github.com/dure-commerce/dure"
	textSizeMax   = 4 << 20 // bytes; larger files are pictures, fonts or data
	generatedMark = "// Code generated "
)

// File is one file of the repository.
type File struct {
	Path   string
	Text   string
	Syntax *ast.File // nil unless it is Go
}

// Repository is every text file of the tree, Go files parsed.
type Repository struct {
	Files     []*File
	positions *token.FileSet
	folders   map[string]bool
	binaries  map[string]bool // pictures and the like: links may lead to them
}

// Finding is one broken rule, with a message that says what to do.
type Finding struct {
	Path    string
	Line    int // 0 when the whole file or folder is meant
	Message string
}

func (f Finding) String() string {
	if f.Line == 0 {
		return f.Path + ": " + f.Message
	}
	return fmt.Sprintf("%s:%d: %s", f.Path, f.Line, f.Message)
}

// Load reads the tree at root.
func Load(root fs.FS) (*Repository, error) {
	r := &Repository{positions: token.NewFileSet(), folders: map[string]bool{},
		binaries: map[string]bool{}}
	if err := fs.WalkDir(root, ".", r.collect(root)); err != nil {
		return nil, fmt.Errorf("read the repository: %w", err)
	}
	return r, r.parse()
}

func (r *Repository) collect(root fs.FS) fs.WalkDirFunc {
	return func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if ignoredFolder(name) {
				return fs.SkipDir
			}
			r.folders[name] = true
			return nil
		}
		info, err := entry.Info()
		if err != nil || info.Size() > textSizeMax || !entry.Type().IsRegular() {
			return err
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		if utf8.Valid(text) {
			r.Files = append(r.Files, &File{Path: name, Text: string(text)})
		} else {
			r.binaries[name] = true
		}
		return nil
	}
}

// ignoredFolder names what git does not track; .gitignore lists the same.
func ignoredFolder(name string) bool {
	return slices.Contains([]string{".git", "node_modules", "bin", "out"}, path.Base(name))
}

func (r *Repository) parse() error {
	work := make(chan *File)
	failures := make(chan error, len(r.Files))
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for file := range work {
				syntax, err := parser.ParseFile(r.positions, file.Path, file.Text, parser.ParseComments)
				if err != nil {
					failures <- fmt.Errorf("parse: %w", err)
					continue
				}
				file.Syntax = syntax
			}
		})
	}
	for _, file := range r.Files {
		if strings.HasSuffix(file.Path, ".go") && !strings.Contains(file.Path, "testdata/") {
			work <- file
		}
	}
	close(work)
	workers.Wait()
	close(failures)
	return <-failures // nil when there is none
}

// Go gives the parsed files in order.
func (r *Repository) Go() []*File {
	return slices.DeleteFunc(slices.Clone(r.Files), func(f *File) bool { return f.Syntax == nil })
}

// HandWritten gives the parsed files that people write.
func (r *Repository) HandWritten() []*File {
	return slices.DeleteFunc(r.Go(), (*File).Generated)
}

// Line gives the line of a position.
func (r *Repository) Line(at token.Pos) int { return r.positions.Position(at).Line }

// File finds a file by its path, or nil.
func (r *Repository) File(name string) *File {
	at := slices.IndexFunc(r.Files, func(f *File) bool { return f.Path == name })
	if at < 0 {
		return nil
	}
	return r.Files[at]
}

// Exists tells whether a file or folder is in the repository.
func (r *Repository) Exists(name string) bool {
	return r.folders[name] || r.binaries[name] || r.File(name) != nil
}

// Folder is the folder of the file, which for Go is its package.
func (f *File) Folder() string { return path.Dir(f.Path) }

// Test tells whether only tests read the file.
func (f *File) Test() bool { return strings.HasSuffix(f.Path, "_test.go") }

// Generated tells whether a program wrote the file.
func (f *File) Generated() bool {
	return strings.HasPrefix(f.Text, generatedMark) || strings.HasSuffix(f.Path, "_templ.go")
}

// Lines counts the lines of the file.
func (f *File) Lines() int { return strings.Count(f.Text, "\n") }

// Imports gives the paths the file imports from this module, relative to its root, with their lines.
func (r *Repository) Imports(f *File) map[string]int {
	found := map[string]int{}
	for _, spec := range f.Syntax.Imports {
		name := strings.Trim(spec.Path.Value, `"`)
		if inside, ok := strings.CutPrefix(name, modulePath+"/"); ok {
			found[inside] = r.Line(spec.Pos())
		}
	}
	return found
}

// under tells whether a path is the folder itself or inside it.
func under(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}

func underAny(name string, folders []string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool { return under(name, folder) })
}
