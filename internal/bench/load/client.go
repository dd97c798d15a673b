package load

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// answerWait is after how long a request counts as lost.
const answerWait = 30 * time.Second

// Request is one call. Head holds further header lines, each ended by CRLF.
type Request struct {
	Method, Path string
	Head         string
	Body         string
}

// Answer is what came back; Body is valid until the next call on the connection.
type Answer struct {
	Status int
	Body   []byte
	Server time.Duration // what the Server-Timing header says, 0 without one
}

// Conn is one kept-alive connection, for one caller at a time. It dials anew after an error.
type Conn struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
	out     []byte
	body    []byte
}

// NewConn is a connection to host:port, opened with the first call.
func NewConn(address string) *Conn {
	return &Conn{address: strings.TrimPrefix(address, "http://")}
}

// Close ends the connection.
func (c *Conn) Close() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}

// Do asks and reads the whole answer.
func (c *Conn) Do(ctx context.Context, r Request) (Answer, error) {
	if c.conn == nil {
		dialer := net.Dialer{Timeout: answerWait}
		conn, err := dialer.DialContext(ctx, "tcp", c.address)
		if err != nil {
			return Answer{}, err
		}
		c.conn, c.in = conn, bufio.NewReaderSize(conn, 8<<10)
	}
	a, err := c.exchange(r)
	if err != nil {
		c.Close()
	}
	return a, err
}

func (c *Conn) exchange(r Request) (Answer, error) {
	if err := c.conn.SetDeadline(time.Now().Add(answerWait)); err != nil {
		return Answer{}, err
	}
	b := append(c.out[:0], r.Method...)
	b = append(b, ' ')
	b = append(b, r.Path...)
	b = append(b, " HTTP/1.1\r\nHost: "...)
	b = append(b, c.address...)
	b = append(b, "\r\n"...)
	b = append(b, r.Head...)
	if r.Body != "" {
		b = append(b, "Content-Type: application/json\r\n"...)
	}
	if r.Method != http.MethodGet {
		b = append(b, "Content-Length: "...)
		b = strconv.AppendInt(b, int64(len(r.Body)), 10)
		b = append(b, "\r\n"...)
	}
	b = append(b, "\r\n"...)
	b = append(b, r.Body...)
	c.out = b
	if _, err := c.conn.Write(b); err != nil {
		return Answer{}, err
	}
	return c.read()
}

var errAnswer = errors.New("load: not an answer")

func (c *Conn) read() (Answer, error) {
	line, err := c.line()
	if err != nil {
		return Answer{}, err
	}
	if len(line) < 12 || line[:5] != "HTTP/" {
		return Answer{}, fmt.Errorf("%w: %q", errAnswer, line)
	}
	a := Answer{}
	if a.Status, err = strconv.Atoi(line[9:12]); err != nil {
		return a, fmt.Errorf("%w: %q", errAnswer, line)
	}
	length, chunked, last := 0, false, false
	for {
		if line, err = c.line(); err != nil {
			return a, err
		}
		if line == "" {
			break
		}
		name, value, _ := strings.Cut(line, ": ")
		switch {
		case strings.EqualFold(name, "Content-Length"):
			if length, err = strconv.Atoi(value); err != nil {
				return a, fmt.Errorf("%w: %q", errAnswer, line)
			}
		case strings.EqualFold(name, "Transfer-Encoding"):
			chunked = value == "chunked"
		case strings.EqualFold(name, "Connection"):
			last = value == "close"
		case strings.EqualFold(name, "Server-Timing"):
			a.Server = serverTime(value)
		}
	}
	c.body = c.body[:0]
	if chunked {
		err = c.chunks()
	} else if a.Status != http.StatusNoContent {
		err = c.take(length)
	}
	if last {
		c.Close()
	}
	a.Body = c.body
	return a, err
}

// serverTime reads "…;dur=1.25", milliseconds.
func serverTime(value string) time.Duration {
	_, text, ok := strings.Cut(value, "dur=")
	if !ok {
		return 0
	}
	text, _, _ = strings.Cut(text, ",")
	ms, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		return 0
	}
	return time.Duration(ms * float64(time.Millisecond))
}

func (c *Conn) line() (string, error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(string(line[:len(line)-1]), "\r"), nil
}

func (c *Conn) chunks() error {
	for {
		line, err := c.line()
		if err != nil {
			return err
		}
		size, err := strconv.ParseInt(line, 16, 32)
		if err != nil {
			return fmt.Errorf("%w: chunk %q", errAnswer, line)
		}
		if err := c.take(int(size)); err != nil {
			return err
		}
		if _, err := c.line(); err != nil || size == 0 {
			return err
		}
	}
}

// take appends n bytes of the stream to the body.
func (c *Conn) take(n int) error {
	at := len(c.body)
	if cap(c.body) < at+n {
		grown := make([]byte, at, 2*(at+n))
		copy(grown, c.body)
		c.body = grown
	}
	c.body = c.body[:at+n]
	_, err := io.ReadFull(c.in, c.body[at:])
	return err
}
