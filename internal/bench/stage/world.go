package stage

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/flow/load"
	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/payment/toss"
	"github.com/dure-commerce/dure/internal/sandbox"
	"github.com/dure-commerce/dure/internal/schema"
)

// Plan says what is in a world.
type Plan struct {
	Buyers int    // people with a token of the interface
	Shops  int    // 0 means one
	Deals  []Deal // dealt out over the shops
	// SignedIn are the first buyers who, like owners and the operator, sit at a browser.
	SignedIn int
	// Bought are vouchers that people already hold, one each, of the deals in turn.
	Bought int
	Used   bool // those vouchers have been used, at their shops
	Stated bool // and are on statements
}

// Deal is a deal to put on sale.
type Deal struct {
	Capacity  int64
	PerPerson int64
	Threshold int64 // people
	Uses      int64 // of one unit; 0 means one
}

// Item is what can be bought: a deal and its one option.
type Item struct {
	Deal   market.DealID
	Option market.OptionID
	Price  int64
	Shop   market.MerchantID
}

// Person is an account with a token.
type Person struct {
	ID     market.AccountID
	Token  string
	Cookie string // of a browser, "" for most
}

// Shop is a merchant with one branch, an owner and somebody at the counter.
type Shop struct {
	ID     market.MerchantID
	Branch market.BranchID
	Owner  Person
	Staff  Person
}

// World is a place with people, shops and deals in it.
type World struct {
	Place    Place
	Items    []Item
	Shops    []Shop
	Operator Person
	Vouchers []Voucher
	// Statements are the first shop's.
	Statements []string
	buyers     int
	cookies    map[market.AccountID]string
}

// Voucher is one that a buyer holds, with what its code says.
type Voucher struct {
	ID     market.VoucherID
	Order  market.OrderID
	Holder int // number of the buyer
	Shop   int // place in World.Shops
	Face   string
}

// Buyer gives the person with a number below Plan.Buyers.
func (w *World) Buyer(n int) Person {
	p := person("buyer", n)
	p.Cookie = w.cookies[p.ID]
	return p
}

// Buyers is how many there are.
func (w *World) Buyers() int { return w.buyers }

// person has an id and a token that follow from its name and number: nothing has to be kept.
func person(role string, n int) Person {
	name := fmt.Sprintf("%s%07d", role, n)
	sum := sha256.Sum256([]byte("bench " + name))
	return Person{ID: market.AccountID(market.PrefixAccount + "_bench" + name),
		Token: account.APIPrefix + base64.RawURLEncoding.EncodeToString(sum[:])}
}

// founder builds a world with the clock set back by two weeks, so that deals can be announced for the Monday before.
type founder struct {
	*app.Core
	ctx   context.Context
	clock *clock.Fake
	now   time.Time
	world *World
}

// Found builds a world in a new place, and leaves nobody working there.
func (g *Ground) Found(ctx context.Context, plan Plan) (w *World, err error) {
	p, err := g.New(ctx)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	back := clock.NewFake(now.Add(-14 * 24 * time.Hour))
	ids := id.System(back)
	d, err := db.Open(ctx, db.Options{URL: p.URL, Clock: back, IDs: ids, Relaxed: true})
	if err != nil {
		return nil, err
	}
	w = &World{Place: p, buyers: plan.Buyers, cookies: map[market.AccountID]string{}}
	f := &founder{ctx: ctx, clock: back, now: now, world: w}
	err = errors.Join(f.build(d, ids, plan), d.Close())
	if err == nil {
		err = g.Analyze(ctx, p)
	}
	return w, err
}

func (f *founder) build(d *db.DB, ids id.Source, plan Plan) error {
	if _, err := schema.Migrate(f.ctx, d); err != nil {
		return err
	}
	if _, err := load.New(d).Seed(f.ctx, market.System()); err != nil {
		return err
	}
	key, err := sign.LoadKey(f.world.Place.Config().KeyPath(), ids)
	if err != nil {
		return err
	}
	box, err := sandbox.New(f.ctx, sandbox.Options{Memory: true, Clock: f.clock, IDs: ids, SlowFor: -1, HangFor: -1})
	if err != nil {
		return err
	}
	client, err := toss.New(toss.Options{URL: "http://sandbox", SecretKey: sandbox.DefaultSecretKey,
		Transport: box.Transport(), Timeout: time.Minute})
	if err != nil {
		return err
	}
	f.Core, err = app.NewCore(app.CoreOptions{DB: d, Key: key, BaseURL: "http://127.0.0.1", Node: "founder",
		Gateway: client, Simulator: client, GatewayName: "sandbox", LaneOptions: lane.Options{Direct: true}})
	if err != nil {
		return err
	}
	// The server that comes next must not wait until our lease on the feed has run out.
	return errors.Join(f.furnish(plan), f.Leases.Release(f.ctx), f.Close(), box.Close())
}

// Close ends the core's lanes.
func (f *founder) Close() error {
	f.Core.Close()
	return nil
}

func (f *founder) furnish(plan Plan) error {
	if err := f.people(plan.Buyers); err != nil {
		return fmt.Errorf("people: %w", err)
	}
	for i := range max(plan.Shops, 1) {
		if err := f.shop(i); err != nil {
			return fmt.Errorf("shop: %w", err)
		}
	}
	for i, o := range plan.Deals {
		if err := f.announce(f.world.Shops[i%len(f.world.Shops)], i, o); err != nil {
			return fmt.Errorf("deal: %w", err)
		}
	}
	f.clock.Set(f.now)
	if err := f.RunAll(f.ctx); err != nil {
		return err
	}
	if err := f.buy(plan.Bought); err != nil {
		return err
	}
	if plan.Used {
		if err := f.use(); err != nil {
			return err
		}
	}
	if err := f.signIn(plan.SignedIn); err != nil || !plan.Stated {
		return err
	}
	return f.state()
}

const peopleAtOnce = 1024

// people writes buyers and their tokens in bulk: no journey makes a hundred thousand people in a second.
func (f *founder) people(n int) error {
	f.world.Operator = person("operator", 0)
	if err := f.accounts([]Person{f.world.Operator}, market.RoleAdmin); err != nil {
		return err
	}
	for start := 0; start < n; start += peopleAtOnce {
		some := make([]Person, 0, peopleAtOnce)
		for i := start; i < min(start+peopleAtOnce, n); i++ {
			some = append(some, person("buyer", i))
		}
		if err := f.accounts(some, ""); err != nil {
			return err
		}
	}
	return nil
}

var (
	accountInsert = db.Insert{Table: "account", Columns: []string{"id", "email", "email_key", "name", "password_hash",
		"locale", "staff_role", "confirmed_at", "created_at", "version"}}
	tokenInsert = db.Insert{Table: "account_token", Columns: []string{"id", "hash", "account_id", "purpose", "created_at",
		"expires_at"}}
)

func (f *founder) accounts(people []Person, staff market.Role) error {
	at := db.Micros(f.clock.Now())
	until := db.Micros(f.now.Add(365 * 24 * time.Hour))
	accounts, tokens := make([][]any, len(people)), make([][]any, len(people))
	for i, p := range people {
		email := string(p.ID) + "@example.com"
		accounts[i] = []any{string(p.ID), email, email, "손님", "", "ko", string(staff), at, at, int64(1)}
		tokens[i] = []any{"tok_" + string(p.ID), account.HashSecret(p.Token), string(p.ID), "api", at, until}
	}
	return f.DB.Write(f.ctx, func(tx *db.Tx) error {
		if _, err := db.InsertMany(f.ctx, tx, accountInsert, accounts); err != nil {
			return err
		}
		_, err := db.InsertMany(f.ctx, tx, tokenInsert, tokens)
		return err
	})
}

// shop writes an approved merchant with a branch and its people.
func (f *founder) shop(n int) error {
	s := Shop{ID: market.MerchantID(fmt.Sprintf("mer_bench%04d", n)), Owner: person("owner", n), Staff: person("staff", n)}
	if err := f.accounts([]Person{s.Owner, s.Staff}, ""); err != nil {
		return err
	}
	err := f.DB.Write(f.ctx, func(tx *db.Tx) error {
		m := merchant.Merchant{ID: s.ID, Slug: string(s.ID), CreatedAt: tx.Now(), Version: 1, RegionID: region,
			Business: merchant.Business{Number: fmt.Sprintf("%010d", n), Name: "두레국수", Representative: "김두레",
				Phone: "0212345678", Email: "shop@example.com"}}
		if err := merchant.Insert(f.ctx, tx, m); err != nil {
			return err
		}
		if err := merchant.Save(f.ctx, tx, m); err != nil {
			return err
		}
		s.Branch = market.BranchID(tx.NewID(market.PrefixBranch))
		if err := merchant.InsertBranch(f.ctx, tx, merchant.Branch{ID: s.Branch, MerchantID: s.ID, Name: "본점",
			Address: "서울 성동구 성수이로 18길 7", RegionID: region}); err != nil {
			return err
		}
		for p, role := range map[Person]market.Role{s.Owner: market.RoleOwner, s.Staff: market.RoleScan} {
			if err := merchant.Join(f.ctx, tx, merchant.Member{MerchantID: s.ID, AccountID: p.ID, Role: role,
				AddedBy: s.Owner.ID, AddedAt: tx.Now()}); err != nil {
				return err
			}
		}
		kept, err := merchant.Find(f.ctx, tx, s.ID)
		if err != nil {
			return err
		}
		return merchant.Move(f.ctx, tx, kept, merchant.Approved, "")
	})
	f.world.Shops = append(f.world.Shops, s)
	return err
}

const region = market.RegionID("dong_1104068")

// announce publishes a deal whose sale began on the Monday before now.
func (f *founder) announce(s Shop, n int, o Deal) error {
	start := deal.NextMonday(f.now.Add(-7 * 24 * time.Hour))
	offer := deal.Offer{Title: fmt.Sprintf("손칼국수 두 그릇에 만두 한 접시 %d", n+1), Summary: "점심 두 사람",
		Story: "새벽 네 시에 반죽을 칩니다.", CategoryID: "food.noodle", PriceBasis: "가게 차림표",
		ThresholdKind: deal.ThresholdPeople, Threshold: max(o.Threshold, 1), Capacity: o.Capacity,
		PerPerson: o.PerPerson, StartsAt: start, EndsAt: start.Add(7 * 24 * time.Hour), ValidDays: 400,
		RefundProfile: "std2025", MerchantShareBP: 7000, Regions: []market.RegionID{region},
		Options: []deal.OptionOffer{{Name: "두 그릇 세트", ListPrice: 32_000, Price: 19_900, Quantity: o.Capacity,
			Uses: max(o.Uses, 1)}}}
	owner := market.Actor{AccountID: s.Owner.ID, Confirmed: true, Locale: "ko",
		Memberships: []market.Membership{{MerchantID: s.ID, Role: market.RoleOwner}}}
	operator := market.Actor{AccountID: f.world.Operator.ID, Confirmed: true, Staff: market.RoleAdmin, Locale: "ko"}
	d, err := f.Publish.SaveDraft(f.ctx, owner, publish.DraftCmd{MerchantID: s.ID, Offer: offer})
	if err != nil {
		return err
	}
	if _, err := f.Publish.Submit(f.ctx, owner, d.ID); err != nil {
		return err
	}
	if _, err := f.Publish.Schedule(f.ctx, operator, publish.ScheduleCmd{DealID: d.ID}); err != nil {
		return err
	}
	options, err := deal.Options(f.ctx, f.DB, d.ID)
	if err != nil {
		return err
	}
	f.world.Items = append(f.world.Items, Item{Deal: d.ID, Option: options[0].ID, Price: options[0].Price, Shop: s.ID})
	return nil
}
