package pgserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const (
	startTimeout = 2 * time.Minute
	stopTimeout  = 30 * time.Second
	probePause   = 20 * time.Millisecond
	port         = "5432" // only names the socket file; nothing listens on TCP
)

// Config says where a server lives and whether it keeps its promises through a crash.
type Config struct {
	Folder  string // made if missing; must be short, since socket paths are limited to about 100 bytes
	Durable bool   // true leaves fsync on, for crash tests and benches; false trades all safety for speed
	// Settings are further lines of configuration, "name=value", which win over the ones made here.
	Settings []string
}

// Server is one PostgreSQL server that may be running or stopped.
type Server struct {
	config     Config
	programs   string
	credential *syscall.Credential
	command    *exec.Cmd
	ended      chan struct{}
}

// New makes the data folder and starts a server on it. The caller must Remove it.
func New(ctx context.Context, config Config) (*Server, error) {
	s, err := prepare(config)
	if err != nil {
		return nil, err
	}
	if err := s.initialise(ctx); err != nil {
		return nil, err
	}
	if err := s.Start(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// URL returns the connection string of one database of the server in folder.
func URL(folder, database string) string {
	query := url.Values{"host": {folder}, "port": {port}, "sslmode": {"disable"}}
	return "postgres://postgres@/" + url.PathEscape(database) + "?" + query.Encode()
}

// URL returns the connection string of one database.
func (s *Server) URL(database string) string { return URL(s.config.Folder, database) }

// Alive tells whether a server accepts connections on the socket in folder.
func Alive(folder string) bool {
	connection, err := net.DialTimeout("unix", filepath.Join(folder, ".s.PGSQL."+port), time.Second)
	if err != nil {
		return false
	}
	return connection.Close() == nil
}

// unprivileged returns the account to run the server under: none for an ordinary user, postgres for root.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("the PostgreSQL server refuses to run as root and there is no account postgres: "+
			"run as an ordinary user or install Debian's postgresql package: %w", err)
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user id of postgres: %w", err)
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("group id of postgres: %w", err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func (s *Server) makeFolders() error {
	for _, folder := range []string{s.config.Folder, s.data()} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return fmt.Errorf("make folder for PostgreSQL: %w", err)
		}
		if s.credential == nil {
			continue
		}
		if err := os.Chown(folder, int(s.credential.Uid), int(s.credential.Gid)); err != nil {
			return fmt.Errorf("give folder to the account postgres: %w", err)
		}
	}
	return os.Chmod(s.data(), 0o700)
}

func (s *Server) data() string { return filepath.Join(s.config.Folder, "data") }

func (s *Server) initialise(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	// The C collation makes both engines sort Hangul by code point, which is dictionary order.
	command := exec.CommandContext(ctx, filepath.Join(s.programs, "initdb"), "--no-sync", "--auth=trust",
		"--username=postgres", "--encoding=UTF8", "--locale=C", "--pgdata="+s.data())
	command.SysProcAttr = &syscall.SysProcAttr{Credential: s.credential}
	command.Dir = s.config.Folder
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// Start starts the server and waits until it accepts connections.
func (s *Server) Start(ctx context.Context) error {
	settings := []string{
		"listen_addresses=", "port=" + port, "unix_socket_directories=" + s.config.Folder,
		"max_connections=400", "shared_buffers=64MB", "jit=off", "timezone=UTC", "logging_collector=off",
	}
	if !s.config.Durable {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off",
			"autovacuum=off", "wal_level=minimal", "max_wal_senders=0", "checkpoint_timeout=1h")
	}
	arguments := []string{"-D", s.data()}
	for _, setting := range append(settings, s.config.Settings...) {
		arguments = append(arguments, "-c", setting)
	}
	log, err := os.OpenFile(filepath.Join(s.config.Folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("open PostgreSQL log: %w", err)
	}
	command := exec.Command(filepath.Join(s.programs, "postgres"), arguments...)
	command.Stdout, command.Stderr, command.Dir = log, log, s.config.Folder
	// Its own session: a Ctrl-C meant for the tests must not reach the server before the tests have ended.
	command.SysProcAttr = &syscall.SysProcAttr{Credential: s.credential, Setsid: true}
	endWithParent(command.SysProcAttr)
	err = errors.Join(command.Start(), log.Close())
	if err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	s.command, s.ended = command, make(chan struct{})
	go func(ended chan struct{}) {
		_ = command.Wait() // how it ended is in its log
		close(ended)
	}(s.ended)
	return s.awaitReady(ctx)
}

func (s *Server) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	tick := time.NewTicker(probePause)
	defer tick.Stop()
	for {
		if s.reportsReady() && Alive(s.config.Folder) {
			return nil
		}
		select {
		case <-s.ended:
			return fmt.Errorf("PostgreSQL ended while starting:\n%s", s.logTail())
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL did not get ready: %w\n%s", ctx.Err(), s.logTail())
		case <-tick.C:
		}
	}
}

// reportsReady reads the server's own word: a socket alone also answers during crash recovery, with a refusal.
func (s *Server) reportsReady() bool {
	status, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		return false
	}
	lines := bytes.Split(bytes.TrimSpace(status), []byte("\n"))
	return len(lines) >= 8 && string(bytes.TrimSpace(lines[7])) == "ready" &&
		string(bytes.TrimSpace(lines[0])) == strconv.Itoa(s.command.Process.Pid)
}

func (s *Server) logTail() []byte {
	log, err := os.ReadFile(filepath.Join(s.config.Folder, "log"))
	if err != nil {
		return []byte(err.Error())
	}
	const tail = 4000
	return log[max(0, len(log)-tail):]
}

// Stop ends the server in good order: sessions are cut, everything is written out.
func (s *Server) Stop() error { return s.end(syscall.SIGINT) }

// Kill ends the server as a power cut would end it: nothing is written out, the next Start recovers.
func (s *Server) Kill() error { return s.end(syscall.SIGQUIT) }

func (s *Server) end(signal syscall.Signal) error {
	if s.command == nil {
		return nil
	}
	if err := s.command.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signal PostgreSQL: %w", err)
	}
	select {
	case <-s.ended:
	case <-time.After(stopTimeout):
		return errors.Join(errors.New("PostgreSQL did not end in time and was killed"), s.command.Process.Kill())
	}
	s.command = nil
	return nil
}

// Ended is closed when the running server ends by itself.
func (s *Server) Ended() <-chan struct{} { return s.ended }

// Remove stops the server and deletes everything it wrote.
func (s *Server) Remove() error {
	err := s.Kill()
	removed := os.RemoveAll(s.config.Folder)
	if errors.Is(removed, fs.ErrNotExist) {
		removed = nil
	}
	return errors.Join(err, removed)
}
