package photo

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/picture"
)

// ErrMalformed is a text that names no photo.
var ErrMalformed = fail.New(fail.Invalid, "photo.malformed")

// Prefix is the folder of addresses that Handler serves.
const Prefix = "/photos/"

// Ref names a photo: "1440x960/480-KEY/960-KEY/1440-KEY", the size of the largest rendition and each one's width and
// key, the smallest first; or the address of a shipped drawing.
type Ref string

// refMax bounds a Ref; three renditions need about 230 bytes.
const refMax = 400

// size is one rendition.
type size struct {
	width int
	key   blob.Key
}

// Keep makes a photo's renditions and stores them. It answers the refusals of picture.Maker.Make.
func Keep(ctx context.Context, maker *picture.Maker, store blob.Store, data []byte) (Ref, error) {
	renditions, err := maker.Make(ctx, data)
	if err != nil {
		return "", err
	}
	largest := renditions[len(renditions)-1]
	var ref strings.Builder
	ref.WriteString(strconv.Itoa(largest.Width) + "x" + strconv.Itoa(largest.Height))
	for _, r := range renditions {
		key, err := store.Put(ctx, r.JPEG)
		if err != nil {
			return "", err
		}
		ref.WriteString("/" + strconv.Itoa(r.Width) + "-" + string(key))
	}
	return Ref(ref.String()), nil
}

// parse takes a Ref apart.
func (r Ref) parse() (width, height int, sizes []size, err error) {
	head, rest, ok := strings.Cut(string(r), "/")
	w, h, ok2 := strings.Cut(head, "x")
	if !ok || !ok2 || len(r) > refMax {
		return 0, 0, nil, ErrMalformed
	}
	width, err1 := strconv.Atoi(w)
	height, err2 := strconv.Atoi(h)
	if err1 != nil || err2 != nil || width <= 0 || height <= 0 {
		return 0, 0, nil, ErrMalformed
	}
	for _, part := range strings.Split(rest, "/") {
		w, key, _ := strings.Cut(part, "-")
		n, err := strconv.Atoi(w)
		if err != nil || n <= 0 || blob.Key(key).Check() != nil {
			return 0, 0, nil, ErrMalformed
		}
		sizes = append(sizes, size{n, blob.Key(key)})
	}
	return width, height, sizes, nil
}

// Check refuses, with ErrMalformed, what names no kept photo: the only Refs that may come from outside.
func (r Ref) Check() error {
	_, _, _, err := r.parse()
	return err
}

// Src is the address of the photo at a page's usual size, "" for a Ref that names none.
func (r Ref) Src() string { return r.at(960) }

// Thumb is the address of the smallest rendition.
func (r Ref) Thumb() string { return r.at(0) }

// at gives the address of the smallest rendition at least so wide, or of the largest.
func (r Ref) at(least int) string {
	if strings.HasPrefix(string(r), "/") {
		return string(r)
	}
	_, _, sizes, err := r.parse()
	if err != nil {
		return ""
	}
	for _, s := range sizes {
		if s.width >= least {
			return address(s)
		}
	}
	return address(sizes[len(sizes)-1])
}

func address(s size) string { return Prefix + string(s.key) + ".jpg" }

// Srcset lists all renditions for a browser to choose from.
func (r Ref) Srcset() string {
	_, _, sizes, err := r.parse()
	if err != nil {
		return ""
	}
	parts := make([]string, len(sizes))
	for i, s := range sizes {
		parts[i] = address(s) + " " + strconv.Itoa(s.width) + "w"
	}
	return strings.Join(parts, ", ")
}

// Size gives width and height in pixels of the largest rendition, zeros for a drawing.
func (r Ref) Size() (width, height int64) {
	w, h, _, err := r.parse()
	if err != nil {
		return 0, 0
	}
	return int64(w), int64(h)
}

// Handler serves kept photos at /photos/KEY.jpg. What lies in the store and is no JPEG is not there.
func Handler(store blob.Store) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, Prefix), ".jpg")
		if !ok {
			http.NotFound(w, r)
			return
		}
		file, err := open(r.Context(), store, blob.Key(name))
		if err != nil {
			status := http.StatusServiceUnavailable
			if errors.Is(err, blob.ErrNotFound) || errors.Is(err, blob.ErrMalformed) {
				status = http.StatusNotFound
			}
			http.Error(w, http.StatusText(status), status)
			return
		}
		defer func() { _ = file.Close() }()
		h := w.Header()
		h.Set("Content-Type", "image/jpeg")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin") // embeds show photos on foreign pages
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeContent(w, r, "", time.Time{}, file)
	})
}

// open finds a blob that begins as a JPEG does: an export or an attachment in the same store is nobody's photo.
func open(ctx context.Context, store blob.Store, key blob.Key) (io.ReadSeekCloser, error) {
	if err := key.Check(); err != nil {
		return nil, err
	}
	file, err := store.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	var head [3]byte
	_, err = io.ReadFull(file, head[:])
	if err == nil && bytes.Equal(head[:], []byte("\xff\xd8\xff")) {
		_, err = file.Seek(0, io.SeekStart)
		if err == nil {
			return file, nil
		}
	}
	return nil, errors.Join(blob.ErrNotFound, file.Close())
}
