package account_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/market/account"
)

// cheap keeps tests fast; the default cost is checked once below.
func cheap() account.Cost { return account.Cost{MemoryKiB: 64, Passes: 1, Threads: 1} }

func ids() id.Source {
	return id.Seeded(clock.NewFake(time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC)), 1)
}

func TestHashAndVerify(t *testing.T) {
	ctx := t.Context()
	hasher := account.NewHasher(ids(), cheap(), 2)
	first, err := hasher.Hash(ctx, "우리동네 국수집")
	if err != nil || !strings.HasPrefix(first, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatal(first, err)
	}
	second, _ := hasher.Hash(ctx, "우리동네 국수집")
	if first == second {
		t.Error("two hashes share their salt")
	}
	for password, want := range map[string]bool{
		"우리동네 국수집": true, "우리동네 국수집 ": false, "": false, "\u110b\u116e\u1105\u1175\u1103\u1169\u11bc\u1102\u1166 국수집": true,
	} {
		fits, stale, err := hasher.Verify(ctx, first, password)
		if fits != want || stale || err != nil {
			t.Errorf("%q: %v %v %v", password, fits, stale, err)
		}
	}
}

func TestHashAtAnotherCostIsStale(t *testing.T) {
	ctx := t.Context()
	old, _ := account.NewHasher(ids(), account.Cost{MemoryKiB: 32, Passes: 1, Threads: 1}, 1).Hash(ctx, "국수먹고싶다")
	hasher := account.NewHasher(ids(), cheap(), 1)
	if fits, stale, err := hasher.Verify(ctx, old, "국수먹고싶다"); !fits || !stale || err != nil {
		t.Error(fits, stale, err)
	}
	if fits, stale, err := hasher.Verify(ctx, old, "wrong"); fits || stale || err != nil {
		t.Error("a wrong password asks for no new hash", fits, stale, err)
	}
}

func TestDefaultCost(t *testing.T) {
	hasher := account.NewHasher(ids(), account.CostDefault(), 1)
	hash, err := hasher.Hash(t.Context(), "국수먹고싶다")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Error(hash, err)
	}
}

func TestBrokenHashesFitNothing(t *testing.T) {
	hasher := account.NewHasher(ids(), cheap(), 1)
	good, _ := hasher.Hash(t.Context(), "")
	for _, hash := range []string{
		"", "plain", "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaA", good[:len(good)-3], good + "$",
		"$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHQ$" + strings.Repeat("A", 43), // would take four terabytes
		"$argon2id$v=19$m=64,t=0,p=1$c2FsdHNhbHQ$" + strings.Repeat("A", 43),
		"$argon2id$v=19$m=64,t=1,p=0$c2FsdHNhbHQ$" + strings.Repeat("A", 43),
	} {
		if fits, stale, err := hasher.Verify(t.Context(), hash, ""); fits || stale || err != nil {
			t.Errorf("%q: %v %v %v", hash, fits, stale, err)
		}
	}
}

func TestTooManyAtOnceAreToldToComeBack(t *testing.T) {
	hasher := account.NewHasher(ids(), cheap(), 1)
	fill, leave := context.WithCancel(t.Context())
	started, done := make(chan struct{}), make(chan error, 200)
	release := hasher.Occupy()
	for range 64 {
		go func() {
			started <- struct{}{}
			_, err := hasher.Hash(fill, "x")
			done <- err
		}()
		<-started
	}
	for hasher.Waiting() < 65 { // the goroutines above are on their way into the queue
	}
	if _, err := hasher.Hash(t.Context(), "x"); !errors.Is(err, account.ErrBusy) {
		t.Errorf("the queue has no end: %v", err)
	}
	leave()
	for range 64 {
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("a caller that went away: %v", err)
		}
	}
	release()
	if _, err := hasher.Hash(t.Context(), "x"); err != nil {
		t.Errorf("places are not given back: %v", err)
	}
}
