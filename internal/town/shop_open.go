package town

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/flow/load"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/town/lore"
	"github.com/dure-commerce/dure/internal/web/ui/art"
)

// So many shops have people besides their owner.
const (
	scanners = 12
	managers = 4
)

// popular is the number of the shop that everybody knows; merchant1@demo.dure owns it.
const popular = 1

// shop is a shop and its people.
type shop struct {
	lore.Shop
	number                  int
	id                      market.MerchantID
	branches                []market.BranchID
	owner, manager, scanner market.Actor
	days                    []time.Weekday // on which most guests come
}

// atCounter is who scans.
func (s *shop) atCounter() market.Actor {
	if s.scanner.SignedIn() {
		return s.scanner
	}
	return s.owner
}

// found makes the ground: regions and categories, and the operator's own money at the bank.
func (w *world) found() error {
	if _, err := load.New(w.db()).Seed(w.ctx, market.System()); err != nil {
		return err
	}
	_, err := w.server.Simulator.Deposit(w.ctx, gateway.DepositRequest{Ref: "capital", Account: gateway.AccountOperating,
		Memo: "출자금", Amount: 80_000_000})
	return err
}

// openShops registers every shop, and asks the people of some to work there.
func (w *world) openShops() error {
	centres, err := districts()
	if err != nil {
		return err
	}
	flow := w.server.Enroll
	for i, s := range w.cast.shops {
		if i%openADay == 0 && i > 0 {
			w.fake.Advance(24 * time.Hour)
		}
		w.fake.Advance(20 * time.Minute)
		if err := w.register(flow, s, centres); err != nil {
			return fmt.Errorf("shop %d: %w", s.number, err)
		}
		if err := w.review(flow, s); err != nil {
			return fmt.Errorf("shop %d: %w", s.number, err)
		}
	}
	w.fake.Advance(time.Hour)
	return w.hire(flow)
}

const openADay = 12

func (w *world) register(flow *enroll.Enroll, s *shop, centres map[string]region.Known) error {
	id, err := flow.Begin(w.ctx, s.owner, s.Name)
	if err != nil {
		return err
	}
	s.id = id
	if err := w.again(&s.owner); err != nil {
		return err
	}
	business := merchant.Business{Number: businessNumber(s.number), Name: s.Name, Representative: s.Owner,
		Phone: s.phone(), Email: "merchant" + strconv.Itoa(s.number) + "@demo.dure"}
	profile := merchant.Profile{Slug: strings.ToLower(s.Slug), Story: s.Story, CategoryID: market.CategoryID(s.Category)}
	if _, err := flow.Save(w.ctx, s.owner, enroll.SaveCmd{MerchantID: id, Business: &business,
		Profile: &profile}); err != nil {
		return err
	}
	if err := w.openBranches(flow, s, centres); err != nil {
		return err
	}
	bank := merchant.Bank{Code: lore.Pick(&w.dice, []string{"004", "088", "020", "011", "090"}),
		Account: fmt.Sprintf("9%011d", 10_000_000+s.number*7919), Holder: s.Owner}
	if _, err := flow.SaveBank(w.ctx, s.owner, id, bank); err != nil {
		return err
	}
	for seed := range uint64(2) {
		ref := photo.Ref(art.URL(s.Scene, seed*100+uint64(s.number)))
		if _, err := flow.AddDrawing(w.ctx, s.owner, id, ref); err != nil {
			return err
		}
	}
	_, err = flow.Submit(w.ctx, s.owner, id)
	return err
}

// review is the operator's look at a registration.
func (w *world) review(flow *enroll.Enroll, s *shop) (err error) {
	switch s.State {
	case "":
		_, err = flow.Approve(w.ctx, w.cast.operator, s.id)
	case "returned":
		_, err = flow.Return(w.ctx, w.cast.operator, s.id,
			"사업자등록증의 주소와 적어 주신 주소가 달라요. 어느 쪽이 맞는지 알려 주시면 바로 살펴볼게요.")
	}
	s.days = []time.Weekday{time.Weekday(1 + w.dice.Under(6))}
	if s.number%3 == 0 {
		s.days = append(s.days, time.Saturday)
	}
	return err
}

func (w *world) openBranches(flow *enroll.Enroll, s *shop, centres map[string]region.Known) error {
	hours, err := s.Opening()
	if err != nil {
		return err
	}
	places := s.Branches
	if len(places) == 0 {
		places = []lore.Branch{{Name: "본점", District: s.District, Address: s.Address}}
	}
	for i, p := range places {
		centre, ok := centres[p.District]
		if !ok {
			return fmt.Errorf("district %s is not shipped", p.District)
		}
		kept, err := flow.SaveBranch(w.ctx, s.owner, merchant.Branch{MerchantID: s.id, Name: p.Name, Address: p.Address,
			RegionID: centre.ID, LatitudeE7: centre.Centre.Lat + w.jitter(), LongitudeE7: centre.Centre.Lng + w.jitter(),
			Phone: s.phone(), Hours: hours, Directions: directions(s, i)})
		if err != nil {
			return err
		}
		s.branches = append(s.branches, kept.ID)
	}
	return nil
}

func directions(s *shop, branch int) string {
	if branch == 0 {
		return s.Way
	}
	return ""
}

// jitter puts a shop somewhere around the middle of its district, in 1e-7 degrees.
func (w *world) jitter() int64 { return int64(w.dice.Under(160_000)) - 80_000 }

// phone is a number that no telephone company gives out.
func (s *shop) phone() string { return fmt.Sprintf("0700100%04d", 1000+s.number*37) }

// businessNumber makes a number whose last digit is right, of a tax office that does not exist.
func businessNumber(n int) string {
	digits := fmt.Sprintf("99900%04d", 1000+n*13)
	for last := range 10 {
		number := digits + strconv.Itoa(last)
		if _, refusal := merchant.ParseNumber(number); refusal == nil {
			return number
		}
	}
	return digits + "0"
}

func districts() (map[string]region.Known, error) {
	list, err := region.Shipped()
	if err != nil {
		return nil, err
	}
	out := map[string]region.Known{}
	for _, k := range list {
		if k.Level == region.District {
			out[k.Code] = k
		}
	}
	return out, nil
}

// hire invites managers and people for the counter; they follow the link in their mail.
func (w *world) hire(flow *enroll.Enroll) error {
	type job struct {
		s     *shop
		email string
		role  market.Role
		who   *market.Actor
	}
	var jobs []job
	for i, s := range w.cast.shops[:scanners] {
		jobs = append(jobs, job{s, fmt.Sprintf("scan%d@demo.dure", i+1), market.RoleScan, &s.scanner})
	}
	for i, s := range w.cast.shops[:managers] {
		jobs = append(jobs, job{s, fmt.Sprintf("manager%d@demo.dure", i+1), market.RoleManager, &s.manager})
	}
	for _, j := range jobs {
		cmd := enroll.InviteCmd{MerchantID: j.s.id, Email: j.email, Role: j.role}
		if _, err := flow.Invite(w.ctx, j.s.owner, cmd); err != nil {
			return err
		}
	}
	if err := w.settle(); err != nil {
		return err
	}
	for _, j := range jobs {
		secret, err := w.invitation(j.email)
		if err != nil {
			return err
		}
		if _, err := flow.Accept(w.ctx, *j.who, secret); err != nil {
			return err
		}
		if err := w.again(j.who); err != nil {
			return err
		}
	}
	return nil
}

// invitation finds the link in somebody's newest mail.
func (w *world) invitation(email string) (string, error) {
	list, err := mail.NewBox(w.db()).To(w.ctx, email, 1)
	if err != nil {
		return "", err
	}
	for _, m := range list {
		if _, rest, ok := strings.Cut(m.Text, "/invitation?t="); ok {
			secret, _, _ := strings.Cut(rest, "\n")
			return url.QueryUnescape(strings.TrimSpace(secret))
		}
	}
	return "", fmt.Errorf("no invitation for %s", email)
}
