package wish_test

import (
	"errors"
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/machine/machinetest"
	"github.com/dure-commerce/dure/internal/market/wish"
)

var update = flag.Bool("update", false, "write docs/states/wish.md anew")

// TestStates draws the table and walks every state with every action of everybody.
func TestStates(t *testing.T) {
	machinetest.Check(t, machinetest.Page{File: "../../../docs/states/wish.md", Title: "a wish", Intro: "Drawn from " +
		"`internal/market/wish` by its test (`go test ./internal/market/wish -update`). The point, once reached, stays " +
		"reached.", Begins: []string{"gathering"}, Update: *update}, wish.Transitions())
	allowed, want := 0, 0
	for _, s := range wish.Transitions() {
		want += len(s.By)
	}
	for _, from := range wish.States() {
		for _, action := range wish.Actions() {
			for _, by := range []wish.By{wish.ByMembers, wish.ByLead, wish.ByClock, wish.BySeller, wish.ByOperator} {
				to, err := wish.Next(from, action, by)
				if err == nil {
					allowed++
				} else if to != from || !errors.Is(err, wish.ErrState) {
					t.Errorf("%s %s: %s, %v", from, action, to, err)
				}
			}
		}
	}
	if allowed != want {
		t.Errorf("%d steps allowed, %d in the table", allowed, want)
	}
	for _, s := range []wish.State{wish.Done, wish.Closed, wish.Merged} {
		if !s.Terminal() {
			t.Errorf("something leaves %s", s)
		}
	}
}

var noon = time.Date(2026, time.November, 23, 3, 0, 0, 0, time.UTC)

func figures() wish.Terms {
	return wish.Terms{Threshold: 30, Days: 28, DaysMax: 90, PolicyID: "pol_1"}
}

func TestWriteTakesANameAndNothingMore(t *testing.T) {
	w, err := wish.Write(wish.Draft{Name: "  무선   청소기 "}, "acc_1", figures(), noon)
	if err != nil {
		t.Fatal(err)
	}
	if w.Name != "무선 청소기" || w.LeadID != "acc_1" || w.Threshold != 30 || w.State != wish.Gathering ||
		!w.Until.Equal(noon.AddDate(0, 0, 28)) || w.Missing() != 30 {
		t.Errorf("%+v", w)
	}
}

func TestWriteNamesEachFault(t *testing.T) {
	good := wish.Draft{Name: "전기포트", Link: "https://shop.example/kettle?id=1", Way: wish.ByParcel, TopPrice: 39_000,
		Until: noon.AddDate(0, 0, 1)}
	if _, err := wish.Write(good, "acc_1", figures(), noon); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("가", 1_001)
	for name, c := range map[string]struct {
		edit func(*wish.Draft)
		want error
	}{
		"no name":           {func(d *wish.Draft) { d.Name = "  " }, wish.ErrName},
		"one letter":        {func(d *wish.Draft) { d.Name = "가" }, wish.ErrName},
		"a long name":       {func(d *wish.Draft) { d.Name = long }, wish.ErrName},
		"broken letters":    {func(d *wish.Draft) { d.Name = "\xff\xfe가나" }, wish.ErrName},
		"a zero letter":     {func(d *wish.Draft) { d.Name = "가\x00나" }, wish.ErrName},
		"long details":      {func(d *wish.Draft) { d.Details = long }, wish.ErrDetails},
		"another scheme":    {func(d *wish.Draft) { d.Link = "javascript:alert(1)" }, wish.ErrLink},
		"no host":           {func(d *wish.Draft) { d.Link = "https:///x" }, wish.ErrLink},
		"a password":        {func(d *wish.Draft) { d.Link = "https://a:b@shop.example" }, wish.ErrLink},
		"less than nothing": {func(d *wish.Draft) { d.TopPrice = -1 }, wish.ErrPrice},
		"too dear":          {func(d *wish.Draft) { d.TopPrice = 100_000_001 }, wish.ErrPrice},
		"another way":       {func(d *wish.Draft) { d.Way = "pigeon" }, wish.ErrWay},
		"over too soon":     {func(d *wish.Draft) { d.Until = noon.Add(23 * time.Hour) }, wish.ErrUntil},
		"over too late":     {func(d *wish.Draft) { d.Until = noon.AddDate(0, 0, 91) }, wish.ErrUntil},
	} {
		d := good
		c.edit(&d)
		var list fail.List
		if _, err := wish.Write(d, "acc_1", figures(), noon); !errors.As(err, &list) || len(list) != 1 ||
			!errors.Is(list[0], c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestWant(t *testing.T) {
	gathering := wish.Wish{State: wish.Gathering, Until: noon.Add(time.Hour), Threshold: 2}
	bidding := wish.Wish{State: wish.Bidding, Until: noon.Add(-time.Hour), Threshold: 2, ReachedAt: noon.Add(-time.Hour)}
	for _, c := range []struct {
		name      string
		w         wish.Wish
		was, want wish.Kind
		confirmed bool
		change    wish.Change
		err       error
	}{
		{"comes", gathering, "", wish.Firm, true, wish.Change{Firm: 1}, nil},
		{"looks on", gathering, "", wish.Watching, false, wish.Change{Watching: 1}, nil},
		{"counts without a confirmed address", gathering, wish.Watching, wish.Firm, false, wish.Change{}, wish.ErrConfirmed},
		{"counts from now on", gathering, wish.Watching, wish.Firm, true, wish.Change{Firm: 1, Watching: -1}, nil},
		{"comes twice", gathering, wish.Firm, wish.Firm, true, wish.Change{}, nil},
		{"leaves", gathering, wish.Firm, wish.Away, true, wish.Change{Firm: -1}, nil},
		{"leaves without having come", gathering, "", wish.Away, true, wish.Change{}, nil},
		{"comes while sellers bid", bidding, "", wish.Firm, true, wish.Change{Firm: 1}, nil},
		{"leaves while sellers bid", bidding, wish.Firm, wish.Away, true, wish.Change{Firm: -1}, nil},
		{"comes when the time is over", wish.Wish{State: wish.Gathering, Until: noon}, "", wish.Firm, true, wish.Change{},
			wish.ErrOver},
		{"comes when the bids are closed", wish.Wish{State: wish.Choosing}, "", wish.Firm, true, wish.Change{},
			wish.ErrOver},
		{"leaves when members choose", wish.Wish{State: wish.Choosing}, wish.Firm, wish.Away, true, wish.Change{},
			wish.ErrOver},
		{"asks again for what they have, after all", wish.Wish{State: wish.Done}, wish.Firm, wish.Firm, true, wish.Change{},
			nil},
	} {
		m, change, err := c.w.Want(wish.Member{Kind: c.was}, c.want, c.confirmed, noon)
		if change != c.change || !errors.Is(err, c.err) {
			t.Errorf("%s: %+v, %v", c.name, change, err)
		}
		if err == nil && (m.Kind != c.want || m.Kind == wish.Firm && c.was != wish.Firm && !m.FirmAt.Equal(noon)) {
			t.Errorf("%s: %+v", c.name, m)
		}
	}
}

func TestMayWithdraw(t *testing.T) {
	alone := wish.Wish{State: wish.Gathering, LeadID: "acc_1", Firm: 1, Watching: 9}
	crowd := alone
	crowd.Firm = 2
	bidding := alone
	bidding.State = wish.Bidding
	for _, c := range []struct {
		name string
		w    wish.Wish
		own  wish.Kind
		err  error
	}{
		{"alone", alone, wish.Firm, nil},
		{"another is firm", crowd, wish.Firm, wish.ErrAlone},
		{"the lead only looks on", alone, wish.Watching, wish.ErrAlone},
		{"sellers bid", bidding, wish.Firm, wish.ErrState},
	} {
		if err := c.w.MayWithdraw("acc_1", c.own); !errors.Is(err, c.err) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := alone.MayWithdraw("acc_2", wish.Firm); !errors.Is(err, wish.ErrLead) {
		t.Errorf("somebody else: %v", err)
	}
	if err := wish.MayWrite(5, 5); !errors.Is(err, wish.ErrOpenMax) {
		t.Errorf("one more: %v", err)
	}
	if err := wish.MayWrite(4, 5); err != nil {
		t.Error(err)
	}
}

// TestPeak: who came and left within one batch still counted for a moment.
func TestPeak(t *testing.T) {
	c := wish.Crowd{}.Add(wish.Change{Firm: 1}).Add(wish.Change{Firm: 1}).Add(wish.Change{Firm: -1})
	if c.Firm != 1 || c.Peak != 2 {
		t.Errorf("%+v", c)
	}
	if c := (wish.Crowd{}).Add(wish.Change{Firm: -1}); c.Peak != 0 || c.Firm != -1 {
		t.Errorf("%+v", c)
	}
}
