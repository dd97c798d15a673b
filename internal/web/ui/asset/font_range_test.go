package asset_test

import (
	"strconv"
	"strings"
)

// covers tells whether a face's unicode-range holds any letter of the text.
func covers(face, text string) bool {
	_, list, found := strings.Cut(face, "unicode-range:")
	if !found {
		return false
	}
	list = strings.TrimRight(strings.TrimSpace(list), "}; \n")
	for part := range strings.SplitSeq(list, ",") {
		part = strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(part)), "U+")
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		from, err := strconv.ParseInt(first, 16, 32)
		if err != nil {
			continue
		}
		to, err := strconv.ParseInt(last, 16, 32)
		if err != nil {
			continue
		}
		for _, letter := range text {
			if int64(letter) >= from && int64(letter) <= to {
				return true
			}
		}
	}
	return false
}
