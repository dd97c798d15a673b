package wishes

import "context"

type leadInput struct {
	Keyed
	WishPath
	Body struct {
		Step      string `json:"step" enum:"hand_over,withdraw,go_on,fewer"`
		Threshold int64  `json:"threshold,omitempty" minimum:"1" doc:"With fewer: how many firm members it is to need."`
	}
}

const leadSays = `**hand_over** gives the lead to the firm member who has been there longest. **withdraw** ends the
wish: while nobody else is firm, or when its offers came to nothing. **go_on** ends the pause of a new round. **fewer**
asks, in a new round, for a smaller number of people; when as many are firm, sellers are asked at once.`

func (p *part) leadRoutes() {
	post(p, "/wishes/{wish}/lead", "Decide as who leads: hand over, end, go on, or ask for fewer", p.lead,
		says(leadSays))
}

func (p *part) lead(ctx context.Context, in *leadInput) (*wishOutput, error) {
	cmd := asking{"api.lead", in.Key, []any{in.ID, in.Body}}
	out, err := once(ctx, p, cmd, func(ctx context.Context) (WishDetail, error) {
		if err := p.decide(ctx, in); err != nil {
			return WishDetail{}, err
		}
		return p.detail(ctx, in.wish())
	})
	return &wishOutput{Body: out}, err
}

func (p *part) decide(ctx context.Context, in *leadInput) error {
	actor, id := p.Actor(ctx), in.wish()
	switch in.Body.Step {
	case "hand_over":
		return p.Wanted.HandOver(ctx, actor, id)
	case "withdraw":
		return p.Wanted.Withdraw(ctx, actor, id)
	case "go_on":
		return p.Wanted.GoOn(ctx, actor, id)
	}
	return p.Wanted.Fewer(ctx, actor, id, in.Body.Threshold)
}
