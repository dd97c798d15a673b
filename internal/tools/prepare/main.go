// Command prepare makes sure that this machine has what the tests need: a PostgreSQL server, Chromium, a Korean font
// and a C compiler for the race detector.
//
// As root on Debian or Ubuntu it installs what is missing; anywhere else it says what to install and fails.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/pgserver"
)

// need is something the tests cannot do without.
type need struct {
	name    string
	debian  []string // packages that bring it
	others  string   // what to do on other systems
	present func(ctx context.Context) bool
}

func needs() []need {
	return []need{
		{"PostgreSQL server", []string{"postgresql"}, "install PostgreSQL 15 or newer and put initdb on PATH",
			func(context.Context) bool { _, err := pgserver.Find(); return err == nil }},
		{"Chromium", []string{"chromium"}, "install Chromium or Chrome and put it on PATH",
			onPath("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")},
		{"Korean font", []string{"fontconfig", "fonts-noto-cjk"}, "install a font with Hangul, such as Noto Sans CJK",
			koreanFont},
		{"C compiler", []string{"gcc", "libc6-dev"}, "install gcc or clang", onPath("gcc", "cc", "clang")},
	}
}

func onPath(programs ...string) func(context.Context) bool {
	return func(context.Context) bool {
		for _, program := range programs {
			if _, err := exec.LookPath(program); err == nil {
				return true
			}
		}
		return false
	}
}

func koreanFont(ctx context.Context) bool {
	fonts, err := exec.CommandContext(ctx, "fc-list", ":lang=ko", "family").Output()
	return err == nil && len(strings.TrimSpace(string(fonts))) > 0
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := prepare(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "prepare:", err)
		os.Exit(1)
	}
}

func prepare(ctx context.Context, out io.Writer) error {
	missing := absent(ctx, needs())
	if len(missing) == 0 {
		return nil
	}
	if !canInstall() {
		return instructions(missing)
	}
	var packages []string
	for _, n := range missing {
		packages = append(packages, n.debian...)
	}
	if _, err := fmt.Fprintln(out, "installing for the tests:", strings.Join(packages, " ")); err != nil {
		return err
	}
	if err := install(ctx, out, packages); err != nil {
		return err
	}
	if still := absent(ctx, missing); len(still) > 0 {
		return fmt.Errorf("apt-get said it was done, yet: %w", instructions(still))
	}
	return nil
}

func absent(ctx context.Context, wanted []need) []need {
	var missing []need
	for _, n := range wanted {
		if !n.present(ctx) {
			missing = append(missing, n)
		}
	}
	return missing
}

func canInstall() bool {
	_, err := exec.LookPath("apt-get")
	return err == nil && os.Geteuid() == 0
}

func instructions(missing []need) error {
	var b strings.Builder
	b.WriteString("the tests need what this machine does not have:")
	for _, n := range missing {
		fmt.Fprintf(&b, "\n  %s — Debian, Ubuntu: apt-get install %s; elsewhere: %s",
			n.name, strings.Join(n.debian, " "), n.others)
	}
	return fmt.Errorf("%s", b.String())
}

func install(ctx context.Context, out io.Writer, packages []string) error {
	steps := [][]string{
		{"apt-get", "update", "-q"},
		append([]string{"apt-get", "install", "-q", "-y", "--no-install-recommends"}, packages...),
	}
	for _, step := range steps {
		command := exec.CommandContext(ctx, step[0], step[1:]...)
		command.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		command.Stdout, command.Stderr = out, out
		if err := command.Run(); err != nil {
			return fmt.Errorf("%s: %w", strings.Join(step, " "), err)
		}
	}
	return nil
}
