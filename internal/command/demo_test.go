package command_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/command"
)

func TestTheTownStaysOnThisMachineUnlessAskedOtherwise(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"beyond loopback":  {[]string{"--listen", "0.0.0.0:0"}, "--public"},
		"without its name": {[]string{"--listen", "0.0.0.0:0", "--public"}, "--base"},
		"a day in words":   {[]string{"--listen", "127.0.0.1:0", "--at", "yesterday"}, "2026-11-21T10:00:00+09:00"},
		"a base in words":  {[]string{"--listen", "0.0.0.0:0", "--public", "--base", "our house"}, "--base"},
	} {
		var out, errs bytes.Buffer
		code := command.Run(context.Background(), append([]string{"demo"}, c.args...),
			command.Terminal{Out: &out, Err: &errs})
		if code != 1 || !strings.Contains(errs.String(), c.want) {
			t.Errorf("%s: ended with %d: %s", name, code, errs.String())
		}
	}
}

func TestATownThatIsInterruptedLeavesNothing(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	var out, errs bytes.Buffer
	code := command.Run(ctx, []string{"demo", "--listen", "127.0.0.1:0"}, command.Terminal{Out: &out, Err: &errs})
	if code != 0 || errs.Len() > 0 {
		t.Errorf("ended with %d: %s", code, errs.String())
	}
}
