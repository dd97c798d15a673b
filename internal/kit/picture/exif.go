package picture

import (
	"bytes"
	"encoding/binary"
)

// The tag that says how the camera was held, and its type (Exif 2.32 §4.6.4: a SHORT).
const (
	tagOrientation = 0x0112
	typeShort      = 3
	// entriesMax bounds how many tags are looked at; the orientation stands among the first.
	entriesMax = 200
)

// orientation finds the Exif orientation of a file, 1 (upright) to 8; whatever cannot be read is upright.
func orientation(format string, data []byte) int {
	switch format {
	case "jpeg":
		return jpegOrientation(data)
	case "png":
		return pngOrientation(data)
	case "webp":
		return webpOrientation(data)
	}
	return 1
}

// jpegOrientation walks the segments before the picture's data and reads the first APP1 that is Exif.
func jpegOrientation(data []byte) int {
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		end := at + 2 + size
		if marker == 0xda || size < 2 || end > len(data) {
			break
		}
		if block, ok := bytes.CutPrefix(data[at+4:end], []byte("Exif\x00\x00")); ok && marker == 0xe1 {
			return tiffOrientation(block)
		}
		at = end
	}
	return 1
}

func pngOrientation(data []byte) int {
	for at := 8; at+12 <= len(data); {
		size := int(binary.BigEndian.Uint32(data[at:]))
		if size < 0 || size > len(data)-at-12 {
			break
		}
		if string(data[at+4:at+8]) == "eXIf" {
			return tiffOrientation(data[at+8 : at+8+size])
		}
		at += size + 12
	}
	return 1
}

func webpOrientation(data []byte) int {
	for at := 12; at+8 <= len(data); {
		size := int(binary.LittleEndian.Uint32(data[at+4:]))
		if size < 0 || size > len(data)-at-8 {
			break
		}
		if string(data[at:at+4]) == "EXIF" {
			return tiffOrientation(bytes.TrimPrefix(data[at+8:at+8+size], []byte("Exif\x00\x00")))
		}
		at += 8 + size + size&1
	}
	return 1
}

// tiffOrientation reads the first directory of the TIFF structure that Exif is.
func tiffOrientation(block []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(block, []byte("II*\x00")):
	case bytes.HasPrefix(block, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return 1
	}
	if len(block) < 8 {
		return 1
	}
	at := int(order.Uint32(block[4:]))
	if at < 8 || at > len(block)-2 {
		return 1
	}
	entries := min(int(order.Uint16(block[at:])), entriesMax)
	for i := range entries {
		entry := at + 2 + 12*i
		if entry+12 > len(block) {
			break
		}
		if order.Uint16(block[entry:]) == tagOrientation && order.Uint16(block[entry+2:]) == typeShort {
			if turn := int(order.Uint16(block[entry+8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			break
		}
	}
	return 1
}
