package lane

import (
	"testing"

	"pgregory.net/rapid"
)

func TestPerSecondFindsFlushAndPartOfEachCommand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flush, each := rapid.Int64Range(50, 6000).Draw(t, "flush"), rapid.Int64Range(5, 400).Draw(t, "each")
		sizes := rapid.SliceOfN(rapid.Int64Range(1, 256), samplesMin, samplesMax).Draw(t, "sizes")
		list, largest, same := make([]sample, len(sizes)), int64(0), true
		for i, b := range sizes {
			list[i], largest, same = sample{b, flush + b*each}, max(largest, b), same && b == sizes[0]
		}
		got := perSecond(list, 256)
		size := min(256, stretch*largest)
		want := size * secondMicros / (flush + size*each)
		if same {
			want = sizes[0] * secondMicros / (flush + sizes[0]*each)
		}
		if got < want-want/50-1 || got > want+want/50+1 {
			t.Fatalf("%d a second, want %d", got, want)
		}
	})
}

func TestPerSecondKnowsNothingOfTooLittle(t *testing.T) {
	list := make([]sample, samplesMin)
	if got := perSecond(list[:samplesMin-1], 256); got != 0 {
		t.Errorf("%d from too few batches", got)
	}
	if got := perSecond(list, 256); got != 0 {
		t.Errorf("%d from batches that took no time", got)
	}
	for i := range list { // larger batches that took less time say nothing about larger ones still
		list[i] = sample{int64(1 + i), int64(1000 - 10*i)}
	}
	if got := perSecond(list, 256); got < 4000 || got > 5000 {
		t.Errorf("%d a second, seen about 4,600", got)
	}
}
