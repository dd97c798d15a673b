package s3_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/blob/blobtest"
	"github.com/dure-commerce/dure/internal/kit/blob/s3"
)

// storehouse is a small S3 server with one bucket, reached over HTTP.
type storehouse struct {
	address string
	down    atomic.Bool
	puts    atomic.Int64
}

func open(t *testing.T) *storehouse {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "someone")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "something secret")
	backend := s3mem.New()
	if err := backend.CreateBucket("photos"); err != nil {
		t.Fatal(err)
	}
	h := &storehouse{}
	inner := gofakes3.New(backend).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.down.Load() {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		if r.Method == http.MethodPut {
			h.puts.Add(1)
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	h.address = "s3://photos/town/one?region=us-east-1&endpoint=" + url.QueryEscape(server.URL)
	return h
}

func bucket(t *testing.T, address string) *s3.Bucket {
	t.Helper()
	b, err := s3.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBucketIsAStore(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blob.Store { return bucket(t, open(t).address) })
}

func TestNodesShareABucketAndStoreOnce(t *testing.T) {
	h := open(t)
	one, other := bucket(t, h.address), bucket(t, h.address)
	key, err := one.Put(t.Context(), []byte("a photograph"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := other.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(file)
	if err := errors.Join(err, file.Close()); err != nil || string(data) != "a photograph" {
		t.Fatalf("%q, %v", data, err)
	}
	if _, err := other.Put(t.Context(), []byte("a photograph")); err != nil {
		t.Fatal(err)
	}
	if n := h.puts.Load(); n != 1 {
		t.Errorf("%d uploads of the same bytes; want 1", n)
	}
	elsewhere := bucket(t, strings.Replace(h.address, "/town/one", "/town/two", 1))
	if _, err := elsewhere.Stat(t.Context(), key); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("under another prefix: %v; want not found", err)
	}
}

func TestARefusalIsNotAnAbsence(t *testing.T) {
	h := open(t)
	b := bucket(t, h.address)
	key, err := b.Put(t.Context(), []byte("kept"))
	if err != nil {
		t.Fatal(err)
	}
	h.down.Store(true)
	if _, err := b.Get(t.Context(), key); err == nil || errors.Is(err, blob.ErrNotFound) {
		t.Errorf("a refused read answers %v", err)
	}
	if _, err := b.Put(t.Context(), []byte("more")); err == nil {
		t.Error("a refused upload answers success")
	}
	if err := b.Delete(t.Context(), key); err == nil {
		t.Error("a refused deletion answers success")
	}
	if _, err := s3.Open(t.Context(), h.address); err == nil {
		t.Error("a bucket that refuses opens")
	}
}

func TestAddresses(t *testing.T) {
	h := open(t)
	for _, address := range []string{
		"", "photos", "s3://", "http://photos/", "s3://name:word@photos/", "s3://photos?endpoint=host",
		"s3://photos?endpoint=ftp://host",
	} {
		if _, err := s3.Open(t.Context(), address); !errors.Is(err, s3.ErrAddress) {
			t.Errorf("%q opens with %v", address, err)
		}
	}
	if _, err := s3.Open(t.Context(), strings.Replace(h.address, "photos", "nothing-here", 1)); err == nil ||
		!strings.Contains(err.Error(), "no bucket nothing-here") {
		t.Errorf("a bucket that is not there: %v", err)
	}
}
