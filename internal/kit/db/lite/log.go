package lite

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// SQLite ends its log at the first frame whose sum is wrong, as after a power cut, and says nothing of what stands
// behind it. A byte that flipped in the middle would silently take back every later commit, so the log is read before
// SQLite does. The layout is that of sqlite.org/fileformat2.html, section 4.

// ErrChanged is a log whose bytes are not what was written.
var ErrChanged = errors.New("lite: the log has changed")

const (
	logHead   = 32
	frameHead = 24
)

// logSum goes on with SQLite's sum over a multiple of eight bytes.
func logSum(order binary.ByteOrder, sum [2]uint32, data []byte) [2]uint32 {
	for i := 0; i+8 <= len(data); i += 8 {
		sum[0] += order.Uint32(data[i:]) + sum[1]
		sum[1] += order.Uint32(data[i+4:]) + sum[0]
	}
	return sum
}

// CheckLog reads the log of a SQLite file, from its beginning to the first wrong frame. Only the last transaction may
// be torn: each is flushed before the next is written. When a transaction ends behind the one with the wrong frame,
// that one had been flushed: it has changed since.
func CheckLog(path string) (err error) {
	file, err := os.Open(path + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	in := bufio.NewReaderSize(file, 1<<20)
	head := make([]byte, logHead)
	if _, err := io.ReadFull(in, head); err != nil {
		return short(err)
	}
	r := logReader{in: in, order: binary.LittleEndian, salt: [8]byte(head[16:24])}
	if head[3]&1 == 1 {
		r.order = binary.BigEndian
	}
	big := binary.BigEndian
	r.sum = logSum(r.order, [2]uint32{}, head[:24])
	size := big.Uint32(head[8:])
	sound := big.Uint32(head)&^1 == 0x377f0682 && size >= 512 && size <= 65536 && r.matches(head[24:])
	if !sound {
		return unsoundHead(head, in)
	}
	r.frame = make([]byte, frameHead+size)
	at, err := r.walk()
	if err != nil || at == 0 {
		return err
	}
	return fmt.Errorf("%w: frame %d", ErrChanged, at)
}

// unsoundHead: a head that was never flushed is followed by nothing that was. It is written whole within a sector, so
// one that is neither empty nor right has changed.
func unsoundHead(head []byte, rest io.Reader) error {
	for _, b := range head {
		if b != 0 {
			if n, err := io.CopyN(io.Discard, rest, frameHead+512); n == frameHead+512 || !errors.Is(err, io.EOF) {
				return fmt.Errorf("%w: head", ErrChanged)
			}
			return nil
		}
	}
	return nil
}

// short is the end of a log: a half frame was never flushed.
func short(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

type logReader struct {
	in    io.Reader
	order binary.ByteOrder
	salt  [8]byte
	sum   [2]uint32
	frame []byte
}

func (r *logReader) matches(sums []byte) bool {
	return binary.BigEndian.Uint32(sums) == r.sum[0] && binary.BigEndian.Uint32(sums[4:]) == r.sum[1]
}

// walk gives the number of the first wrong frame when a later transaction follows the one it belongs to, else 0.
func (r *logReader) walk() (wrong int64, err error) {
	ends := 0 // of transactions, from the wrong frame on
	for number := int64(1); ; number++ {
		if _, err := io.ReadFull(r.in, r.frame); err != nil {
			return 0, short(err)
		}
		ours := [8]byte(r.frame[8:16]) == r.salt
		switch {
		case wrong == 0 && ours:
			r.sum = logSum(r.order, logSum(r.order, r.sum, r.frame[:8]), r.frame[frameHead:])
			if r.matches(r.frame[16:24]) {
				continue
			}
		}
		if wrong == 0 {
			wrong = number
		}
		// Frames of an earlier use of the file end the log as well, and have other salts. Those of a transaction that was
		// given up end nothing.
		if ours && r.commits() {
			ends++
		}
		if ends == 2 {
			return wrong, nil
		}
	}
}

// commits tells whether a frame ends a transaction: it names the size of the database then.
func (r *logReader) commits() bool { return binary.BigEndian.Uint32(r.frame[4:]) != 0 }
