package want

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/deposit"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/ui/art"
)

// Shop is a shop that offers.
type Shop struct {
	ID     market.MerchantID
	Branch market.BranchID
	Owner  market.Actor
}

// Scene is the town in which people want things.
type Scene struct {
	Server *app.Server
	People []market.Actor // who joins, from the last on; nobody joins two
	Guests []market.Actor // accounts that visitors may use
	Shops  []Shop         // that sell
	// At puts a step into the town's past, so long before its present.
	At func(ago time.Duration, do func() error)
}

// plan is a wish and what comes of it. Whoever joins, joins within a few days of the post.
type plan struct {
	name, details  string
	kind           market.CategoryID
	scene          string
	top            int64
	bids           bid.Kind
	way            wish.Way
	near           bool          // for neighbours of the shop's own district
	posted, joined time.Duration // before the present
	firm, watching int
	offers         []offer
	guests         bool // visitors' accounts are among its people
	sent           bool // its people have paid, and the seller is at work
	served         bool // and everybody has what was promised
	id             market.WishID
}

// offer is what the n-th open shop offers, some hours after the crowd is there.
type offer struct {
	shop     int
	price    int64
	least    int64
	from     int64 // a lower price from so many units, 0 for none
	lower    int64
	after    time.Duration
	note     string
	question string
}

const dayLong = 24 * time.Hour

// plans are the wishes of the town, in every stage, as people would write them.
func plans() []*plan {
	return []*plan{
		{name: "코인 세탁소에 둘 대형 건조기 한 대", scene: "laundry", kind: "life", posted: 45 * dayLong, joined: 44 * dayLong,
			firm: 6, watching: 11},
		{name: "원두 1kg, 산미 적고 갓 볶은 걸로", scene: "coffee", kind: "cafe", top: 32_000, way: wish.ByParcel,
			details: "집에서 핸드드립으로 마셔요. 볶은 지 사흘 안 된 원두면 좋겠고, 홀빈으로 받고 싶어요.",
			posted:  12 * dayLong, joined: 122 * time.Hour, firm: 34, watching: 9, offers: []offer{
				{shop: 1, price: 27_900, least: 20, after: 5 * time.Hour, note: "주문받은 날 볶아서 다음 날 보내요."},
				{shop: 6, price: 25_500, least: 30, after: 20 * time.Hour, note: "브라질·과테말라 섞어 볶은 묵직한 맛이에요."}}},
		{name: "캠핑 장작 20kg, 텐트 앞까지", scene: "camp", kind: "play.camp", top: 25_000,
			details: "12월 첫 주말에 쓸 거예요. 젖지 않은 참나무면 좋겠어요.", posted: 11 * dayLong, joined: 90 * time.Hour, firm: 23,
			watching: 14, offers: []offer{
				{shop: 2, price: 19_800, least: 15, after: 3 * time.Hour, note: "일 년 말린 참나무예요."},
				{shop: 8, price: 18_900, least: 20, after: 9 * time.Hour, note: "착화제 두 개를 같이 드려요.",
					question: "젖은 장작이 섞여 있으면 바꿔 주시나요?"},
				{shop: 4, price: 8_000, least: 10, after: 30 * time.Hour, note: "최저가입니다."}}},
		{name: "동네 요가 열 번, 평일 저녁반", scene: "gym", kind: "learn.body", top: 130_000, bids: bid.Sealed,
			way: wish.AtBranch, near: true, details: "퇴근하고 일곱 시 반쯤 시작하면 좋겠어요. 처음 하는 사람도 있어요.",
			posted: 9 * dayLong, joined: 50 * time.Hour, firm: 14, watching: 6, offers: []offer{
				{shop: 3, price: 99_000, least: 8, after: 4 * time.Hour, note: "매트 빌려 드려요."},
				{shop: 5, price: 105_000, least: 10, after: 12 * time.Hour, note: "한 반에 여덟 명까지만 받아요."}}},
		{name: "공기청정기 필터 정품 1년 치", scene: "shop", kind: "life", top: 60_000, way: wish.ByParcel,
			details: "두 개들이 한 상자면 돼요. 호환품 말고 정품만 부탁드려요.", posted: 8 * dayLong, joined: 34 * time.Hour, firm: 32,
			watching: 27, offers: []offer{
				{shop: 7, price: 52_000, least: 20, after: 2 * time.Hour, note: "정품 상자째 보내요."},
				{shop: 2, price: 49_800, least: 30, after: 6 * time.Hour, note: "정품 인증서를 함께 넣어 드려요.",
					question: "유통기한이 언제까지인가요?"},
				{shop: 9, price: 48_500, least: 25, from: 40, lower: 46_900, after: 15 * time.Hour,
					note: "마흔 분이 넘으면 더 내려 드릴게요."}}},
		{name: "해남 절임배추 20kg, 김장용", scene: "vegetables", kind: "shop.food", top: 45_000, way: wish.ByParcel,
			details: "12월 첫째 주에 받으면 딱 좋아요. 천일염으로 절인 걸로요.", posted: 6 * dayLong, joined: 30 * time.Hour, firm: 27,
			watching: 41},
		{name: "아이 겨울 부츠 180mm", scene: "shop", kind: "shop", posted: 3 * dayLong, joined: 40 * time.Hour, firm: 6,
			watching: 12, details: "눈 오는 날 신길 거예요. 안에 털 있는 걸로, 색은 아무거나 좋아요."},
		{name: "조용한 무선 청소기, 강아지 털 잘 되는 걸로", scene: "wish", kind: "life", near: true, posted: 30 * time.Hour,
			joined: 20 * time.Hour, firm: 3, watching: 5},
		{name: "집에서 빚는 도예 꾸러미, 흙 두 봉지와 도구", scene: "pottery", kind: "learn.art", top: 40_000, way: wish.ByParcel,
			details: "주말에 아이와 빚어 보려고요. 초벌 가마까지 맡아 주시면 더 좋고요.", posted: 15 * dayLong, joined: 296 * time.Hour,
			firm: 13, watching: 8, guests: true, sent: true, offers: []offer{
				{shop: 26, price: 36_000, least: 8, after: 6 * time.Hour, note: "물감도 조금 넣어 드려요."},
				{shop: 12, price: 33_000, least: 10, after: 20 * time.Hour, note: "빚은 그릇을 가져오시면 가마에 넣어 드려요.",
					question: "다섯 살도 할 수 있을까요?"}}},
		{name: "통기타 줄 세 벌과 카포 한 묶음", scene: "guitar", kind: "learn.music", top: 30_000, way: wish.ByParcel,
			details: "줄은 얇은 것으로 부탁드려요. 교실에서 같이 쓸 거예요.", posted: 40 * dayLong, joined: 36 * dayLong, firm: 14,
			watching: 5, sent: true, served: true, offers: []offer{
				{shop: 19, price: 27_500, least: 8, after: 4 * time.Hour, note: "악보집을 한 권씩 넣어 드려요."},
				{shop: 25, price: 24_500, least: 10, after: 22 * time.Hour, note: "줄 가는 법을 적은 쪽지도 넣어 드려요."}}},
	}
}

// Play puts what people want together into the town's past. It throws no dice: the rest of the town stays as it is.
func (w *Scene) Play(ctx context.Context) {
	who := 0 // the next neighbour who joins; nobody joins two
	take := func(n int) []market.Actor {
		who += n
		return w.People[len(w.People)-who : len(w.People)-who+n]
	}
	for i, p := range plans() {
		number := i + 1
		crowd, lookers := take(p.firm), take(p.watching)
		if p.guests {
			crowd = slices.Concat(crowd[:arrived], w.Guests[arrived:waits+1], crowd[waits+1:])
		}
		w.At(p.posted, func() error { return w.post(ctx, p, number, crowd[0]) })
		w.At((p.posted+p.joined)/2, func() error {
			return w.join(ctx, p, lookers, crowd[1:1+(len(crowd)-1)/2])
		})
		w.At(p.joined, func() error { return w.join(ctx, p, nil, crowd[1:]) })
		for _, o := range p.offers {
			w.At(p.joined-o.after, func() error { return w.offer(ctx, p, o, crowd) })
		}
		if p.sent {
			w.serve(ctx, p, 10*number, crowd)
		}
	}
}

func (w *Scene) post(ctx context.Context, p *plan, number int, author market.Actor) error {
	draft := wish.Draft{Name: p.name, Details: p.details, CategoryID: p.kind, Way: p.way, TopPrice: p.top}
	if p.scene != "wish" {
		draft.Photo = art.URL(p.scene, uint64(7*number))
	}
	if p.near {
		draft.RegionID = district
	}
	one, err := w.Server.Wanted.Post(ctx, author, wanted.PostCmd{Draft: draft, Bids: p.bids,
		Key: fmt.Sprintf("town-wish-%d", number)})
	p.id = one.ID
	return err
}

// district is whose wishes are for neighbours.
const district market.RegionID = "district_11040"

// join brings people into a wish; who is in stays in.
func (w *Scene) join(ctx context.Context, p *plan, watching, firm []market.Actor) error {
	for i, who := range slices.Concat(watching, firm) {
		kind := wish.Firm
		if i < len(watching) {
			kind = wish.Watching
		}
		if _, err := w.Server.Wanted.Join(ctx, wanted.JoinCmd{Actor: who, WishID: p.id, Kind: kind}); err != nil {
			return err
		}
	}
	return nil
}

// putDown pays the deposit that an offer asks for, where policy asks for one.
func (w *Scene) putDown(ctx context.Context, p *plan, s Shop, terms bid.Offer) error {
	total := auction.Figures(w.Server.DB.Clock().Now()).DepositFor(terms)
	if total == 0 {
		return nil
	}
	_, err := w.Server.Deposits.PayDirectly(ctx, s.Owner, deposit.StartCmd{WishID: p.id, MerchantID: s.ID, Total: total,
		Title: p.name}, gateway.InstrumentOK)
	return err
}

// offer lets a shop offer; of the last one members ask and say what they think.
func (w *Scene) offer(ctx context.Context, p *plan, o offer, crowd []market.Actor) error {
	s := w.Shops[o.shop]
	terms := bid.Offer{Delivery: bid.Shipping, UnitPrice: o.price, QuantityMin: o.least,
		PromisedBy: w.Server.DB.Clock().Now().AddDate(0, 0, 20), Note: o.note}
	if p.way == wish.AtBranch {
		terms.Delivery, terms.BranchID = bid.AtBranch, s.Branch
	}
	if o.from > 0 {
		terms.Steps = []bid.PriceStep{{From: o.from, UnitPrice: o.lower}}
	}
	if err := w.putDown(ctx, p, s, terms); err != nil {
		return fmt.Errorf("deposit on %s: %w", p.name, err)
	}
	taken, err := w.Server.Auction.Place(ctx, auction.PlaceCmd{Actor: s.Owner, WishID: p.id, MerchantID: s.ID,
		Offer: terms})
	if err != nil {
		return fmt.Errorf("offer on %s: %w", p.name, err)
	}
	if o.question != "" {
		asked, err := w.Server.Auction.Ask(ctx, crowd[2], p.id, voice.Word{BidID: taken.Bid.ID, Words: o.question})
		if err != nil {
			return err
		}
		_, err = w.Server.Auction.Answer(ctx, s.Owner, s.ID, voice.Word{BidID: taken.Bid.ID, Answers: asked.ID,
			Words: "네, 걱정하지 않으셔도 돼요. 문제가 있으면 바로 바꿔 드릴게요."})
		return err
	}
	if o.price < p.top/2 {
		return w.flag(ctx, p, taken.Bid.ID, crowd[3:8])
	}
	return nil
}

// flag lets members say of an offer that it looks wrong.
func (w *Scene) flag(ctx context.Context, p *plan, id market.BidID, who []market.Actor) error {
	for i, one := range who {
		v := voice.Vote{BidID: id, Flag: voice.FlagFake}
		if i == 0 {
			v.Words = "다른 곳의 절반도 안 되는 값이에요. 정말 보내 줄까요?"
		}
		if err := w.Server.Auction.Vote(ctx, one, p.id, v); err != nil {
			return err
		}
	}
	return nil
}
