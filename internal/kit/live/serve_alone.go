package live

import (
	"bytes"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
)

// takeOver gives the bare connection of an HTTP/1.1 request, or nil where there is none to be had. A stream that is
// open for hours then holds neither the request nor its buffers nor the stack on which it was answered: a third of the
// memory.
func takeOver(w http.ResponseWriter, r *http.Request) net.Conn {
	if r.ProtoMajor != 1 {
		return nil
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil
	}
	return conn
}

// streamAlone is stream on a connection of our own, until the browser leaves, falls behind, or the hub ends.
func (h *Hub) streamAlone(conn net.Conn, header http.Header, watching *reader) {
	defer func() { _ = conn.Close() }()
	if !h.greet(conn, header) {
		return
	}
	left := make(chan struct{})
	go awaitEnd(conn, left)
	heartbeat := time.NewTicker(h.opts.Heartbeat)
	defer heartbeat.Stop()
	for {
		select {
		case <-left:
			return
		case <-watching.gone:
			return
		case f := <-watching.frames:
			if !write(conn, f.text) {
				return
			}
		case <-heartbeat.C:
			if !write(conn, []byte(":\n\n")) {
				return
			}
		}
	}
}

// greet writes the head of the answer, whose body lasts as long as the connection.
func (h *Hub) greet(conn net.Conn, header http.Header) bool {
	var head bytes.Buffer
	head.WriteString("HTTP/1.1 200 OK\r\nDate: " + clock.System().Now().Format(http.TimeFormat) + "\r\n")
	if err := header.Write(&head); err != nil {
		return false
	}
	head.WriteString("Connection: close\r\n\r\nretry: " + strconv.Itoa(h.retry()) + "\n\n")
	return write(conn, head.Bytes())
}

// awaitEnd waits until the browser goes; it has nothing more to say.
func awaitEnd(conn net.Conn, left chan struct{}) {
	defer close(left)
	var word [1]byte
	for {
		if _, err := conn.Read(word[:]); err != nil {
			return
		}
	}
}

func write(conn net.Conn, text []byte) bool {
	if err := conn.SetWriteDeadline(clock.System().Now().Add(writeWait)); err != nil {
		return false
	}
	_, err := conn.Write(text)
	return err == nil
}
