package shape

import (
	"encoding/binary"
	"errors"
)

// errDamaged answers bytes that Encode did not write.
var errDamaged = errors.New("shape: damaged bytes")

// formatOne is the first byte of every stored shape, so that a later format can be told apart.
const formatOne = 1

// Encode writes a shape as steps from point to point: about five bytes a corner for a simplified outline.
func (s Shape) Encode() []byte {
	out := make([]byte, 0, 16+6*s.Points())
	out = append(out, formatOne)
	out = binary.AppendUvarint(out, uint64(len(s)))
	var last Point
	for _, polygon := range s {
		out = binary.AppendUvarint(out, uint64(len(polygon)))
		for _, ring := range polygon {
			out = binary.AppendUvarint(out, uint64(len(ring)))
			for _, p := range ring {
				out = binary.AppendVarint(out, p.Lat-last.Lat)
				out = binary.AppendVarint(out, p.Lng-last.Lng)
				last = p
			}
		}
	}
	return out
}

// Decode reads what Encode wrote. Counts are believed only as far as bytes remain, so damaged bytes cost no memory.
func Decode(data []byte) (Shape, error) {
	if len(data) == 0 || data[0] != formatOne {
		return nil, errDamaged
	}
	d := decoder{rest: data[1:]}
	var s Shape
	for polygons := d.count(); polygons > 0 && !d.bad; polygons-- {
		var polygon Polygon
		for rings := d.count(); rings > 0 && !d.bad; rings-- {
			polygon = append(polygon, d.ring())
		}
		s = append(s, polygon)
	}
	if d.bad || len(d.rest) != 0 {
		return nil, errDamaged
	}
	return s, nil
}

type decoder struct {
	rest []byte
	last Point
	bad  bool
}

func (d *decoder) ring() Ring {
	n := d.count()
	ring := make(Ring, 0, min(n, len(d.rest)/2+1)) // a corner takes at least two bytes
	for ; n > 0 && !d.bad; n-- {
		d.last.Lat += d.step()
		d.last.Lng += d.step()
		ring = append(ring, d.last)
	}
	return ring
}

func (d *decoder) count() int {
	n, used := binary.Uvarint(d.rest)
	if used <= 0 || n > uint64(len(d.rest)) {
		d.bad, d.rest = true, nil
		return 0
	}
	d.rest = d.rest[used:]
	return int(n)
}

func (d *decoder) step() int64 {
	n, used := binary.Varint(d.rest)
	if used <= 0 {
		d.bad, d.rest = true, nil
		return 0
	}
	d.rest = d.rest[used:]
	return n
}
