package disk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// ErrDisk is a disk that could not be put in place.
var ErrDisk = fail.New(fail.Internal, "fault.disk")

type kind int

const (
	write kind = iota
	truncate
	flush
	lose // a flush that failed: what it should have kept is lost
	remove
)

// op is something that was done to a file.
type op struct {
	kind   kind
	name   string
	offset int64 // of a write, or the size after a truncation
	data   []byte
}

// Disk is what lies below a folder.
type Disk struct {
	folder string
	before map[string][]byte // the files when it was put in place

	mu      sync.Mutex
	ops     []op
	forget  bool
	limit   map[string]int64 // bytes that a file may have
	slow    time.Duration
	failing func(name string) bool
	failed  int
}

// Over puts a disk in place over a folder, before SQLite opens a file there.
func Over(folder string) (*Disk, error) {
	folder, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return nil, err
	}
	d := &Disk{folder: folder, before: map[string][]byte{}, limit: map[string]int64{}}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		if d.before[e.Name()], err = os.ReadFile(filepath.Join(folder, e.Name())); err != nil {
			return nil, err
		}
	}
	if err := all.register(); err != nil {
		return nil, err
	}
	all.mu.Lock()
	all.disks = append(all.disks, d)
	all.mu.Unlock()
	return d, nil
}

// Forget stops noting what is written: for faults that cut no power.
func (d *Disk) Forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forget = true
}

// Mark is a moment: how much was done so far.
func (d *Disk) Mark() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return int64(len(d.ops))
}

// Fill leaves a file room up to its present size and some bytes; Free gives all files room again.
func (d *Disk) Fill(name string, more int64) error {
	info, err := os.Stat(filepath.Join(d.folder, name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.limit[name] = more
	if err == nil {
		d.limit[name] += info.Size()
	}
	return nil
}

// Free ends Fill.
func (d *Disk) Free() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.limit)
}

// Slow makes every flush take so long.
func (d *Disk) Slow(each time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.slow = each
}

// FailFlush asks before every flush whether it fails.
func (d *Disk) FailFlush(failing func(name string) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failing = failing
}

// Failed is how many flushes failed so far.
func (d *Disk) Failed() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.failed
}

func (d *Disk) note(o op) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.forget {
		d.ops = append(d.ops, o)
	}
}

func (d *Disk) room(name string, end int64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	limit, bounded := d.limit[name]
	return !bounded || end <= limit
}

// flush waits as long as a flush takes, and tells whether it fails.
func (d *Disk) flush(name string) (fails bool) {
	d.mu.Lock()
	slow, failing := d.slow, d.failing
	d.mu.Unlock()
	if slow > 0 {
		ctx, stop := context.WithTimeout(context.Background(), slow)
		<-ctx.Done()
		stop()
	}
	if failing == nil || !failing(name) {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failed++
	return true
}

const (
	block  = 4096
	sector = 512
)

// Cut writes into an empty folder what a power cut at a mark would have left; roll gives numbers below its argument.
func (d *Disk) Cut(mark int64, folder string, roll func(below int) int) error {
	d.mu.Lock()
	ops := d.ops[:mark]
	d.mu.Unlock()
	disk, waiting := map[string][]byte{}, map[string][]op{}
	for name, bytes := range d.before {
		disk[name] = append([]byte(nil), bytes...)
	}
	for _, o := range ops {
		switch o.kind {
		case write, truncate:
			waiting[o.name] = append(waiting[o.name], o)
		case flush:
			for _, w := range waiting[o.name] {
				disk[o.name] = w.apply(disk[o.name])
			}
			if _, there := disk[o.name]; !there {
				disk[o.name] = nil
			}
			delete(waiting, o.name)
		case lose:
			delete(waiting, o.name)
		case remove:
			delete(disk, o.name)
			delete(waiting, o.name)
		}
	}
	for name, list := range waiting {
		disk[name] = linger(disk[name], list, roll)
	}
	for name, bytes := range disk {
		if strings.HasSuffix(name, "-shm") || strings.HasSuffix(name, ".lock") {
			continue
		}
		if err := os.WriteFile(filepath.Join(folder, name), bytes, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (o op) apply(to []byte) []byte {
	end := o.offset + int64(len(o.data))
	if o.kind == truncate {
		if int64(len(to)) >= o.offset {
			return to[:o.offset]
		}
		end = o.offset
	}
	if int64(len(to)) < end {
		to = append(to, make([]byte, end-int64(len(to)))...)
	}
	copy(to[o.offset:], o.data)
	return to
}

// linger applies what was never flushed: nothing of it, all, the first part, or whatever the drive had got to.
func linger(to []byte, waiting []op, roll func(int) int) []byte {
	how := roll(4)
	first := roll(len(waiting) + 1)
	for i, o := range waiting {
		switch {
		case how == 0, how == 1 && i >= first:
			return to
		case how != 3 || o.kind == truncate:
			to = o.apply(to)
		default:
			to = o.some(to, roll)
		}
	}
	return to
}

// some applies some blocks of a write, one of them torn.
func (o op) some(to []byte, roll func(int) int) []byte {
	for start := int64(0); start < int64(len(o.data)); {
		size := min(block-(o.offset+start)%block, int64(len(o.data))-start)
		part := op{offset: o.offset + start, data: o.data[start : start+size]}
		start += size
		switch roll(5) {
		case 0, 1:
			continue
		case 2:
			part.data = part.data[:min(int64(roll(block/sector))*sector, size)]
		}
		to = part.apply(to)
	}
	return to
}
