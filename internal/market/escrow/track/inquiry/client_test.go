package inquiry_test

import (
	"errors"
	"net/http"          //nolint:depguard // an adapter speaks HTTP
	"net/http/httptest" //nolint:depguard // an adapter speaks HTTP
	"slices"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/escrow/track"
	"github.com/dure-commerce/dure/internal/market/escrow/track/inquiry"
	"github.com/dure-commerce/dure/internal/sandbox/courier"
	"github.com/dure-commerce/dure/internal/sandbox/record"
)

func cj(number string) parcel.Name { return parcel.Name{Carrier: "cj", Number: number} }

// TestParcelsOfTheSimulator: the client and the simulator agree about every fate, whatever order it is told in.
func TestParcelsOfTheSimulator(t *testing.T) {
	c := clock.NewFake(time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC))
	box := courier.New(record.New(c, id.Seeded(c, 1)), "key")
	mux := http.NewServeMux()
	box.Register(mux)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	client, err := inquiry.New(inquiry.Options{URL: server.URL, Key: "key"})
	if err != nil {
		t.Fatal(err)
	}
	names := []parcel.Name{cj("612345678901"), cj("612345678990"), cj("612345678991"), cj("612345678992"),
		cj("612345678993")}
	states := func() (out []parcel.Kind) {
		t.Helper()
		told, err := client.Track(t.Context(), names)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			i := slices.IndexFunc(told, func(x track.Told) bool { return x.Name == n })
			if i < 0 {
				out = append(out, parcel.None)
				continue
			}
			out = append(out, parcel.Fold(told[i].Events).State())
		}
		return out
	}
	for _, step := range []struct {
		after time.Duration
		want  []parcel.Kind
	}{
		{0, []parcel.Kind{"", "", "", "", ""}},
		{2 * time.Hour, []parcel.Kind{"accepted", "accepted", "accepted", "accepted", "accepted"}},
		{31 * time.Hour, []parcel.Kind{"delivered", "moving", "moving", "moving", "delivered"}},
		{80 * time.Hour, []parcel.Kind{"delivered", "moving", "returned", "delivered", "delivered"}},
	} {
		c.Set(time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC).Add(step.after))
		if got := states(); !slices.Equal(got, step.want) {
			t.Errorf("after %v: %v, want %v", step.after, got, step.want)
		}
	}
	if err := box.Set(t.Context(), true, false); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Track(t.Context(), names); !errors.Is(err, track.ErrDown) {
		t.Errorf("a service that is down: %v", err)
	}
	other, err := inquiry.New(inquiry.Options{URL: server.URL, Key: "guess"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Track(t.Context(), names); !errors.Is(err, track.ErrDown) {
		t.Errorf("a wrong key: %v", err)
	}
}

// TestAnswersThatAreNone: what cannot be read, or nobody asked for, teaches nothing.
func TestAnswersThatAreNone(t *testing.T) {
	for body, want := range map[string]int{
		"<html>": -1, `{"parcels": 3}`: -1, `{}`: 0,
		`{"parcels": [{"carrier": "cj", "number": "1", "events": [{"kind": "delivered", "at": "2026-03-04T10:00:00Z"}]}]}`: 0,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(body))
		}))
		client, err := inquiry.New(inquiry.Options{URL: server.URL})
		if err != nil {
			t.Fatal(err)
		}
		told, err := client.Track(t.Context(), []parcel.Name{cj("612345678901")})
		if (err != nil) != (want < 0) || err == nil && len(told) != want {
			t.Errorf("%s: %+v %v", body, told, err)
		}
		server.Close()
	}
	if _, err := inquiry.New(inquiry.Options{URL: "ftp://x"}); err == nil {
		t.Error("an address that is none")
	}
}
