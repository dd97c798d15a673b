package command

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// doctorCommand asks an instance whether its invariants hold.
type doctorCommand struct {
	storeFlags `embed:""`
	JSON       bool              `name:"json" help:"${json_help}"`
	Only       []string          `help:"${only_help}"`
	Outside    bool              `help:"${outside_help}"`
	Gateway    app.GatewayConfig `embed:"" prefix:"gateway-" envprefix:"DURE_GATEWAY_"`
}

// Run asks beside a running server and ends with status 1 when an invariant is broken.
func (c *doctorCommand) Run(ctx context.Context, io streams) (err error) {
	d, err := c.look(ctx, io)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	o := doctor.Options{Only: c.Only}
	if c.Outside {
		if o.Gateway, err = c.Gateway.Client(); err != nil {
			return err
		}
	}
	return examine(ctx, io, d, examination{options: o, config: c.config(), json: c.JSON})
}

// examination is what examine is told.
type examination struct {
	options doctor.Options
	config  app.Config
	json    bool
}

// examine asks doctor's questions of an open database and writes the report.
func examine(ctx context.Context, io streams, d *db.DB, e examination) (err error) {
	media, end, err := e.config.ReadMedia(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	e.options.Media = media
	e.options.Resting = e.options.Resting || !d.InUse()
	progress := newLine(io.err)
	e.options.Progress = func(p doctor.Progress) {
		_, _ = progress.Write([]byte(io.words.T("operate.checking", "Number", p.Number, "Of", p.Of, "Title",
			io.words.T("doctor.question."+p.Question), "Rows", p.Rows)))
	}
	report, err := doctor.Check(ctx, d, e.options)
	progress.end()
	if err != nil {
		return err
	}
	if e.json {
		err = report.WriteJSON(io.out)
	} else {
		err = report.WriteText(io.out, io.words)
	}
	if err == nil && !report.Healthy() {
		return errEnded
	}
	return err
}
