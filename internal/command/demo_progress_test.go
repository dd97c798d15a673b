package command

import (
	"bytes"
	"testing"
)

func TestAWaitingPersonSeesTheTownGrow(t *testing.T) {
	var out bytes.Buffer
	tell := progress(&out)
	for percent := range 101 {
		tell(percent)
		tell(percent)
	}
	want := " 10 %\n 20 %\n 30 %\n 40 %\n 50 %\n 60 %\n 70 %\n 80 %\n 90 %\n100 %\n"
	if out.String() != want {
		t.Errorf("said %q", out.String())
	}
}
