package live

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
)

const (
	writeWait      = 10 * time.Second
	retryMillis    = 1_000
	retrySpreadMax = 4_000 // so that a crowd that lost one node does not come back at one moment
)

// ServeSSE streams changes of the topics until the browser leaves, falls behind, or the hub ends. lastID is the
// browser's Last-Event-ID, "" on its first visit. An error means that nothing was written yet.
func (h *Hub) ServeSSE(w http.ResponseWriter, r *http.Request, topics []Topic, lastID string) error {
	watching, err := h.open(topics, lastID)
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store, no-transform")
	header.Set("X-Accel-Buffering", "no")
	head := header.Clone() // who is around us may still touch the other
	if conn := takeOver(w, r); conn != nil {
		go func() {
			defer h.close(watching)
			h.streamAlone(conn, head, watching)
		}()
		return nil
	}
	defer h.close(watching)
	out := &stream{w: w, control: http.NewResponseController(w)}
	// The stream outlives the server's limits for whole requests; each write has a limit of its own.
	if err := out.control.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	w.WriteHeader(http.StatusOK)
	h.stream(r, out, watching)
	return nil
}

func (h *Hub) stream(r *http.Request, out *stream, watching *reader) {
	if !out.send([]byte("retry: "+strconv.Itoa(h.retry())+"\n\n")) || !out.flush() {
		return
	}
	heartbeat := time.NewTicker(h.opts.Heartbeat)
	defer heartbeat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-watching.gone:
			return
		case f := <-watching.frames:
			if !out.send(f.text) || !out.rest(watching) || !out.flush() {
				return
			}
		case <-heartbeat.C: // tells proxies and us that somebody is still there
			if !out.send([]byte(":\n\n")) || !out.flush() {
				return
			}
		}
	}
}

func (h *Hub) retry() int {
	b := h.opts.IDs.Bytes(2)
	return retryMillis + (int(b[0])<<8|int(b[1]))*retrySpreadMax/(1<<16)
}

// stream writes with a deadline; false means that the browser is gone or does not read.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (s *stream) send(text []byte) bool {
	err := s.control.SetWriteDeadline(clock.System().Now().Add(writeWait))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return false
	}
	_, err = s.w.Write(text)
	return err == nil
}

// rest writes what else waits, so that one flush serves it all.
func (s *stream) rest(watching *reader) bool {
	for {
		select {
		case f := <-watching.frames:
			if !s.send(f.text) {
				return false
			}
		default:
			return true
		}
	}
}

func (s *stream) flush() bool { return s.control.Flush() == nil }
