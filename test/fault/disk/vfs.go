package disk

import (
	"strings"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// registry is what SQLite's one list of file systems makes global: the disks in use, and which of them an open file is
// on.
type registry struct {
	once sync.Once
	fail error

	mu    sync.RWMutex
	disks []*Disk
	open  map[uintptr]handle
	vfs   sqlite3.Tsqlite3_vfs // as SQLite brings it
}

// handle is an open file of a disk.
type handle struct {
	disk    *Disk
	name    string // behind the disk's folder
	methods *sqlite3.Tsqlite3_io_methods
}

var all = registry{open: map[uintptr]handle{}} // the callbacks below get nothing but SQLite's own pointers

// pointerOf is a function as SQLite calls it.
func pointerOf(f any) uintptr {
	type words [2]uintptr
	return (*words)(unsafe.Pointer(&f))[1]
}

type (
	openFunc   = func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32
	deleteFunc = func(*libc.TLS, uintptr, uintptr, int32) int32
	closeFunc  = func(*libc.TLS, uintptr) int32
	writeFunc  = func(*libc.TLS, uintptr, uintptr, int32, int64) int32
	sizeFunc   = func(*libc.TLS, uintptr, int64) int32
	flagFunc   = func(*libc.TLS, uintptr, int32) int32
)

// function is a pointer of SQLite's as a function.
func function[F any](pointer uintptr) F {
	return *(*F)(unsafe.Pointer(&struct{ uintptr }{pointer}))
}

// at is a C structure.
func at[T any](pointer uintptr) *T { return *(**T)(unsafe.Pointer(&pointer)) }

// register makes our file system SQLite's default, once.
func (r *registry) register() error {
	r.once.Do(func() {
		tls := libc.NewTLS()
		defer tls.Close()
		plain := sqlite3.Xsqlite3_vfs_find(tls, 0)
		ours := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})))
		name, err := libc.CString("fault-disk")
		if err != nil || plain == 0 || ours == 0 {
			r.fail = ErrDisk.Wrap(err)
			return
		}
		r.vfs = *at[sqlite3.Tsqlite3_vfs](plain)
		made := r.vfs
		made.FzName, made.FpNext = name, 0
		made.FxOpen, made.FxDelete = pointerOf(opener()), pointerOf(deleteFile)
		*at[sqlite3.Tsqlite3_vfs](ours) = made
		if rc := sqlite3.Xsqlite3_vfs_register(tls, ours, 1); rc != sqlite3.SQLITE_OK {
			r.fail = ErrDisk
		}
	})
	return r.fail
}

// on gives the disk that a path lies on.
func (r *registry) on(path string) (*Disk, string) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, d := range r.disks {
		if name, ok := strings.CutPrefix(path, d.folder+"/"); ok {
			return d, name
		}
	}
	return nil, ""
}

func (r *registry) handle(file uintptr) handle {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.open[file]
}

// opener is a function literal because SQLite, not we, says how many parameters it has.
func opener() openFunc {
	return func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32 {
		rc := function[openFunc](all.vfs.FxOpen)(tls, vfs, name, file, flags, out)
		if rc != sqlite3.SQLITE_OK || name == 0 || flags&sqlite3.SQLITE_OPEN_READWRITE == 0 {
			return rc
		}
		return take(tls, libc.GoString(name), file)
	}
}

// take puts our functions into an open file of ours.
func take(tls *libc.TLS, name string, file uintptr) int32 {
	d, short := all.on(name)
	if d == nil {
		return sqlite3.SQLITE_OK
	}
	opened := at[sqlite3.Tsqlite3_file](file)
	plain := at[sqlite3.Tsqlite3_io_methods](opened.FpMethods)
	made := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(*plain)))
	if made == 0 {
		return sqlite3.SQLITE_NOMEM
	}
	methods := *plain
	methods.FxClose, methods.FxWrite = pointerOf(closeHandle), pointerOf(writeHandle)
	methods.FxTruncate, methods.FxSync = pointerOf(truncateHandle), pointerOf(syncHandle)
	*at[sqlite3.Tsqlite3_io_methods](made) = methods
	all.mu.Lock()
	all.open[file] = handle{d, short, plain}
	all.mu.Unlock()
	opened.FpMethods = made
	return sqlite3.SQLITE_OK
}

func deleteFile(tls *libc.TLS, vfs, name uintptr, sync int32) int32 {
	rc := function[deleteFunc](all.vfs.FxDelete)(tls, vfs, name, sync)
	if d, short := all.on(libc.GoString(name)); d != nil && rc == sqlite3.SQLITE_OK {
		d.note(op{kind: remove, name: short})
	}
	return rc
}

func closeHandle(tls *libc.TLS, file uintptr) int32 {
	h := all.handle(file)
	all.mu.Lock()
	delete(all.open, file)
	all.mu.Unlock()
	libc.Xfree(tls, at[sqlite3.Tsqlite3_file](file).FpMethods)
	return function[closeFunc](h.methods.FxClose)(tls, file)
}

func writeHandle(tls *libc.TLS, file, data uintptr, n int32, offset int64) int32 {
	h := all.handle(file)
	if !h.disk.room(h.name, offset+int64(n)) {
		return sqlite3.SQLITE_FULL
	}
	rc := function[writeFunc](h.methods.FxWrite)(tls, file, data, n, offset)
	if rc == sqlite3.SQLITE_OK {
		bytes := unsafe.Slice(at[byte](data), n)
		h.disk.note(op{kind: write, name: h.name, offset: offset, data: append([]byte(nil), bytes...)})
	}
	return rc
}

func truncateHandle(tls *libc.TLS, file uintptr, size int64) int32 {
	h := all.handle(file)
	rc := function[sizeFunc](h.methods.FxTruncate)(tls, file, size)
	if rc == sqlite3.SQLITE_OK {
		h.disk.note(op{kind: truncate, name: h.name, offset: size})
	}
	return rc
}

func syncHandle(tls *libc.TLS, file uintptr, flags int32) int32 {
	h := all.handle(file)
	if h.disk.flush(h.name) {
		h.disk.note(op{kind: lose, name: h.name})
		return sqlite3.SQLITE_IOERR_FSYNC
	}
	rc := function[flagFunc](h.methods.FxSync)(tls, file, flags)
	if rc == sqlite3.SQLITE_OK {
		h.disk.note(op{kind: flush, name: h.name})
	}
	return rc
}
