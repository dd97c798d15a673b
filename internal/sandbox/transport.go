package sandbox

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

// errDropped is what a caller gets whose answer was suppressed.
var errDropped = errors.New("sandbox: connection closed without an answer")

// Transport answers requests in the caller's goroutine, without a network: a simulation gives it to its client, and
// a dropped answer becomes an error. Set HangFor and SlowFor negative with it, or a fault waits in real time.
func (s *Sandbox) Transport() http.RoundTripper { return Direct(s.handler) }

// Direct answers requests by calling a handler. As WebhookTransport it brings the sandbox's notices to a receiver
// in the same process.
func Direct(h http.Handler) http.RoundTripper { return directTransport{h} }

type directTransport struct{ handler http.Handler }

// RoundTrip calls the handler.
func (t directTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	in.RequestURI = r.URL.RequestURI()
	in.Host = r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := &directWriter{header: http.Header{}, status: http.StatusOK}
	t.handler.ServeHTTP(w, in)
	_ = in.Body.Close()
	if w.dropped {
		return nil, errDropped
	}
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: r,
	}, nil
}

// directWriter collects an answer; Drop breaks it off.
type directWriter struct {
	header  http.Header
	body    bytes.Buffer
	status  int
	wrote   bool
	dropped bool
}

// Header gives the answer's header.
func (w *directWriter) Header() http.Header { return w.header }

// WriteHeader fixes the status; the first one counts.
func (w *directWriter) WriteHeader(status int) {
	if !w.wrote {
		w.status, w.wrote = status, true
	}
}

// Write adds to the body.
func (w *directWriter) Write(p []byte) (int, error) {
	w.wrote = true
	return w.body.Write(p)
}

// Drop makes the call end without an answer.
func (w *directWriter) Drop() { w.dropped = true }
