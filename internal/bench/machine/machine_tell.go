package machine

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const flushes = 31

// Flush is the median time of bringing a page to the disk below a folder.
func Flush(folder string) (time.Duration, error) {
	f, err := os.Create(filepath.Join(folder, "flush"))
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	page := make([]byte, 4096)
	var times []time.Duration
	for range flushes {
		began := time.Now()
		if _, err := f.Write(page); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	return times[flushes/2], nil
}

// Load is the load average of the last minutes, "" where the system does not tell.
func Load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}
