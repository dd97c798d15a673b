package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// healthCommand asks a running server whether it can serve, for containers that hold no other program.
type healthCommand struct {
	URL string `arg:"" optional:"" default:"http://127.0.0.1:8080/readyz" help:"${health_url_help}"`
}

// healthWithin is how long a server may take to answer.
const healthWithin = 2 * time.Second

// errUnready is a server that answers and cannot serve.
var errUnready = errors.New("command: the server is not ready")

// Run ends with status 1 when there is no answer or another one than "ready", whose reasons it shows.
func (c *healthCommand) Run(ctx context.Context, out streams) error {
	ctx, cancel := context.WithTimeout(ctx, healthWithin)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL, nil)
	if err != nil {
		return err
	}
	answer, err := (&http.Client{Timeout: healthWithin}).Do(request)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, 4<<10))
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return err
	}
	_, _ = fmt.Fprint(out.out, string(text))
	if answer.StatusCode >= http.StatusMultipleChoices {
		return errUnready
	}
	return nil
}
