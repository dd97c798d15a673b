package poster

import (
	"bytes"
	"compress/zlib"
	_ "embed" // the font
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"golang.org/x/image/font/opentype"
)

//go:embed Pretendard-Bold.woff
var fontFile []byte

var errFont = errors.New("poster: not a WOFF 1.0 file")

// Sizes of a WOFF 1.0 file's parts, in bytes, and the bound that a table of ours never reaches.
const (
	woffHead   = 44
	woffEntry  = 20
	sfntHead   = 12
	sfntEntry  = 16
	tableLimit = 8 << 20
)

// readFont unpacks a WOFF 1.0 file (a table directory and zlib, W3C Recommendation of 2012) and reads what is in it.
func readFont(file []byte) (*opentype.Font, error) {
	if len(file) < woffHead || string(file[:4]) != "wOFF" {
		return nil, errFont
	}
	count := int(binary.BigEndian.Uint16(file[12:]))
	if len(file) < woffHead+count*woffEntry {
		return nil, errFont
	}
	head := make([]byte, sfntHead, sfntHead+count*sfntEntry)
	copy(head, file[4:8]) // the flavour
	binary.BigEndian.PutUint16(head[4:], uint16(count))
	var body []byte
	start := sfntHead + count*sfntEntry
	for i := range count {
		entry := file[woffHead+i*woffEntry:]
		table, err := unpack(file, entry)
		if err != nil {
			return nil, err
		}
		head = append(head, entry[:4]...)
		head = append(head, entry[16:20]...) // the checksum
		head = binary.BigEndian.AppendUint32(head, uint32(start+len(body)))
		head = binary.BigEndian.AppendUint32(head, uint32(len(table)))
		body = append(body, table...)
		body = append(body, make([]byte, (4-len(table)%4)%4)...)
	}
	font, err := opentype.Parse(append(head, body...))
	if err != nil {
		return nil, fmt.Errorf("poster: %w", err)
	}
	return font, nil
}

func unpack(file, entry []byte) ([]byte, error) {
	from := int(binary.BigEndian.Uint32(entry[4:]))
	packed, whole := int(binary.BigEndian.Uint32(entry[8:])), int(binary.BigEndian.Uint32(entry[12:]))
	if from > len(file) || packed > len(file)-from || whole > tableLimit || packed > whole {
		return nil, errFont
	}
	if packed == whole {
		return file[from : from+packed], nil
	}
	reader, err := zlib.NewReader(bytes.NewReader(file[from : from+packed]))
	if err != nil {
		return nil, fmt.Errorf("poster: %w", err)
	}
	table := make([]byte, whole)
	if _, err := io.ReadFull(reader, table); err != nil {
		return nil, fmt.Errorf("poster: %w", err)
	}
	return table, reader.Close()
}
