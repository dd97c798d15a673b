package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// Copy makes a server of its own out of the one that runs in another folder, with PostgreSQL's own tool. It stands by
// when it follows: it takes over what the other writes, answers reads only, and can be promoted.
func Copy(ctx context.Context, config Config, from string, follow bool) (*Server, error) {
	s, err := prepare(config)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	arguments := []string{"--host=" + from, "--port=" + port, "--username=postgres", "--pgdata=" + s.data(),
		"--wal-method=stream", "--checkpoint=fast", "--no-sync"}
	if follow {
		arguments = append(arguments, "--write-recovery-conf")
	}
	command := exec.CommandContext(ctx, filepath.Join(s.programs, "pg_basebackup"), arguments...)
	command.SysProcAttr = &syscall.SysProcAttr{Credential: s.credential}
	command.Dir = s.config.Folder
	if out, err := command.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("pg_basebackup: %w\n%s", err, out)
	}
	return s, s.Start(ctx)
}

// Salvage makes a server out of the files of another, as they lie there while it runs or after it died: what a disk
// holds at the moment of a power cut. The log is copied last, so that it tells everything the other files do not hold.
func Salvage(ctx context.Context, config Config, from string) (*Server, error) {
	s, err := prepare(config)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(from, "data")
	entries, err := os.ReadDir(data)
	if err != nil {
		return nil, fmt.Errorf("files of PostgreSQL: %w", err)
	}
	const log = "pg_wal"
	names := []string{"global"} // the place from which the log is read again comes first
	for _, e := range entries {
		if n := e.Name(); n != "global" && n != log && n != "postmaster.pid" && n != "postmaster.opts" {
			names = append(names, n)
		}
	}
	for _, name := range append(names, log) {
		out, err := exec.CommandContext(ctx, "cp", "-a", filepath.Join(data, name), s.data()).CombinedOutput()
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("copy %s: %w\n%s", name, err, out)
		}
	}
	return s, s.Start(ctx)
}

// Promote makes a server that follows another the one that is written to. The other must be dead.
func (s *Server) Promote(ctx context.Context) error {
	command := exec.CommandContext(ctx, filepath.Join(s.programs, "pg_ctl"), "promote", "--wait", "--pgdata="+s.data())
	command.SysProcAttr = &syscall.SysProcAttr{Credential: s.credential}
	command.Dir = s.config.Folder
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("promote: %w\n%s", err, out)
	}
	return nil
}

// prepare makes the folders of a server and its data, which is left empty.
func prepare(config Config) (*Server, error) {
	programs, err := Find()
	if err != nil {
		return nil, err
	}
	credential, err := unprivileged()
	if err != nil {
		return nil, err
	}
	s := &Server{config: config, programs: programs, credential: credential}
	return s, s.makeFolders()
}
