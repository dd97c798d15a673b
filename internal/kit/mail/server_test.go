package mail

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// server speaks enough SMTP to be sent to: STARTTLS or TLS from the start, AUTH PLAIN, one mail a connection.
type server struct {
	port    int
	config  *tls.Config // what a client must trust
	own     *tls.Config
	answers map[string]string // verb → answer in place of the usual one
	silent  bool              // accepts and never says a word

	mu   sync.Mutex
	log  []string
	data string
}

func startServer(t *testing.T, direct bool, set func(*server)) *server {
	t.Helper()
	own, config := certificate(t)
	s := &server{config: config, own: own, answers: map[string]string{}}
	if set != nil {
		set(s)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	var running sync.WaitGroup
	running.Add(1)
	go func() {
		defer running.Done()
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			running.Add(1)
			go func() {
				defer running.Done()
				s.serve(connection, direct)
			}()
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		running.Wait()
	})
	return s
}

func (s *server) serve(connection net.Conn, direct bool) {
	defer func() { _ = connection.Close() }()
	_ = connection.SetDeadline(time.Unix(1<<33, 0))
	if direct {
		connection = tls.Server(connection, s.own)
	}
	reader := bufio.NewReader(connection)
	if s.silent {
		_, _ = reader.ReadString('\n')
		return
	}
	say := func(line string) { _, _ = connection.Write([]byte(line + "\r\n")) }
	say("220 test")
	encrypted := direct
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		s.note(line)
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		if answer, ok := s.answers[verb]; ok {
			say(answer)
			continue
		}
		switch verb {
		case "EHLO":
			if !encrypted {
				say("250-test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 STARTTLS")
				continue
			}
			say("250-test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN")
		case "STARTTLS":
			say("220 go ahead")
			connection = tls.Server(connection, s.own)
			reader, encrypted = bufio.NewReader(connection), true
		case "AUTH":
			say("235 ok")
		case "DATA":
			say("354 end with a dot")
			s.take(reader)
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *server) take(reader *bufio.Reader) {
	var data strings.Builder
	for {
		line, err := reader.ReadString('\n')
		if err != nil || line == ".\r\n" {
			break
		}
		data.WriteString(strings.TrimPrefix(line, "."))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data = data.String()
}

func (s *server) note(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if encoded, ok := strings.CutPrefix(line, "AUTH PLAIN "); ok {
		plain, _ := base64.StdEncoding.DecodeString(encoded)
		line = "AUTH PLAIN " + strings.ReplaceAll(string(plain), "\x00", "|")
	}
	s.log = append(s.log, line)
}

func (s *server) got() (log, data string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.log, "\n"), s.data
}

// certificate makes a certificate for 127.0.0.1 that only the given client configuration trusts.
func certificate(t *testing.T) (own, trusting *tls.Config) {
	t.Helper()
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), []byte("a key that is 32 bytes for tests"))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(nil, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	pair := tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
	own = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	return own, &tls.Config{RootCAs: pool, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}
