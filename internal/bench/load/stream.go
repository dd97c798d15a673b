package load

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// Stream is an open stream of server-sent events.
type Stream struct {
	conn net.Conn
	in   *bufio.Reader
}

// streamBuffer is small: thousands of streams are held open at once.
const streamBuffer = 512

// Open asks for a stream and waits for its first line.
func Open(ctx context.Context, address, path, cookie string) (*Stream, error) {
	address = strings.TrimPrefix(address, "http://")
	dialer := net.Dialer{Timeout: answerWait}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	s := &Stream{conn: conn, in: bufio.NewReaderSize(conn, streamBuffer)}
	text := "GET " + path + " HTTP/1.1\r\nHost: " + address + "\r\nAccept: text/event-stream\r\n"
	if cookie != "" {
		text += "Cookie: " + cookie + "\r\n"
	}
	if err := conn.SetDeadline(time.Now().Add(answerWait)); err != nil {
		return nil, err
	}
	if _, err := io.WriteString(conn, text+"\r\n"); err != nil {
		s.Close()
		return nil, err
	}
	for first := true; ; first = false {
		line, err := s.line()
		if err == nil && first && !strings.Contains(line, " 200 ") {
			err = fmt.Errorf("%w: stream refused: %s", errAnswer, line)
		}
		if err != nil {
			s.Close()
			return nil, err
		}
		if strings.HasPrefix(line, "retry:") {
			return s, conn.SetDeadline(time.Time{})
		}
	}
}

// Next waits for the next event called change and gives its data. It ends when the stream does, or at the deadline.
func (s *Stream) Next(until time.Time) (data string, err error) {
	if err := s.conn.SetReadDeadline(until); err != nil {
		return "", err
	}
	for {
		line, err := s.line()
		if err != nil {
			return "", err
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			return data, nil
		}
	}
}

// Close ends the stream.
func (s *Stream) Close() { _ = s.conn.Close() }

func (s *Stream) line() (string, error) {
	line, err := s.in.ReadSlice('\n')
	return strings.TrimRight(string(line), "\r\n"), err
}
