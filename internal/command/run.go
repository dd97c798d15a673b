package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/bench"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

// commands are what the program can be told to do.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"${serve_help}"`
	Demo    demoCommand    `cmd:"" help:"${demo_help}"`
	Migrate migrateCommand `cmd:"" help:"${migrate_help}"`
	Import  importCommand  `cmd:"" help:"${import_help}"`
	Doctor  doctorCommand  `cmd:"" help:"${doctor_help}"`
	Recount recountCommand `cmd:"" help:"${recount_help}"`
	Backup  backupCommand  `cmd:"" help:"${backup_help}"`
	Restore restoreCommand `cmd:"" help:"${restore_help}"`
	Bench   benchCommand   `cmd:"" help:"${bench_help}"`
	Health  healthCommand  `cmd:"" help:"${health_help}"`
	Sim     simCommand     `cmd:"" help:"${sim_help}"`
	Version versionCommand `cmd:"" help:"${version_help}"`
	Sandbox sandboxCommand `cmd:"" hidden:"" help:"${sandbox_command_help}"`

	BenchPart benchPartCommand `cmd:"" hidden:""`
}

// streams are where a command reads and writes.
type streams struct {
	out   io.Writer
	err   io.Writer
	exit  func(code int) // ends the process at once, for crash points of the sandbox
	words *i18n.Localizer
}

// Terminal is where the program runs.
type Terminal struct {
	Out, Err io.Writer
	Exit     func(code int)
}

// Run is the program: it reads the arguments and does one command. The exit status is 0, 1 for a command that failed,
// or 2 for arguments that cannot be read.
func Run(ctx context.Context, args []string, at Terminal) int {
	out, errs := at.Out, at.Err
	bundle, err := i18n.New(locale.Files)
	if err != nil {
		_, _ = fmt.Fprintln(errs, err)
		return 1
	}
	io := streams{out: out, err: errs, exit: at.Exit, words: bundle.For(language())}
	var c commands
	exited := -1
	parser, err := kong.New(&c, kong.Name("dure"), kong.Description(io.words.T("cli.description")),
		kong.Writers(out, errs), kong.Exit(func(code int) { exited = code }), helpWords(io.words),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(io), kong.UsageOnError())
	if err != nil {
		_, _ = fmt.Fprintln(errs, err)
		return 2
	}
	command, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		_, _ = fmt.Fprintln(errs, err)
		return 2
	}
	if err := command.Run(); err != nil && (errors.Is(err, errEnded) || !errors.Is(err, context.Canceled)) {
		if !errors.Is(err, errEnded) {
			_, _ = fmt.Fprintln(errs, io.say(err))
		}
		return 1
	}
	return 0
}

// language is the language of the terminal.
func language() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			if strings.HasPrefix(value, "en") {
				return i18n.English
			}
			return i18n.Korean
		}
	}
	return i18n.Korean
}

// helpWords gives kong every help text from the catalogue.
func helpWords(words *i18n.Localizer) kong.Option {
	vars := kong.Vars{"data_default": app.DataDefault()}
	for _, name := range []string{"listen", "data", "database", "media", "key", "base", "secure", "proxies", "log",
		"gateway_url", "gateway_key", "gateway_secret", "gateway_timeout", "service_url", "service_key", "mail_host",
		"mail_port", "mail_user", "mail_password", "mail_from", "seller", "sandbox", "serve", "demo", "migrate", "version",
		"sandbox_command", "seed", "at", "still",
		"speed", "public", "payment", "pay_base", "health", "health_url"} {
		vars[name+"_help"] = words.T("cli." + name)
	}
	for _, name := range []string{"cluster", "cluster_listen", "cluster_token", "nats_url", "nats_subject", "drain",
		"no_migrate"} {
		vars[name+"_help"] = words.T("cluster.help." + name)
	}
	for _, name := range []string{"import", "import_regions", "import_merchants", "region_files", "merchant_file",
		"credit", "report", "index_later", "doctor", "recount", "json", "outside", "only", "backup", "restore", "archive",
		"empty_data",
		"sim", "sim_seeds", "sim_from", "sim_steps", "sim_jobs"} {
		vars[name+"_help"] = words.T("operate.help." + name)
	}
	for _, name := range []string{"bench", "bench_name", "engine", "seconds", "connections", "rows", "profile",
		"bench_database", "check"} {
		vars[name+"_help"] = words.T("bench.help."+name, "Names", benchNames())
	}
	return vars
}

func benchNames() string {
	var names []string
	for _, b := range bench.All() {
		names = append(names, b.Name)
	}
	return strings.Join(names, ", ")
}

// say puts an error into the reader's words; what is no refusal keeps its own.
func (s streams) say(err error) string {
	one, ok := fail.As(err)
	if !ok || !s.words.Has(one.Code) {
		return err.Error()
	}
	text := s.words.Render(one.Code, one.Args)
	if one.Err != nil {
		text += " (" + one.Err.Error() + ")"
	}
	return text
}

func logger(level string, to io.Writer) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{Level: l}))
}
