package app

import (
	"time"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market/policy"
)

// Shops is what registrations and the people of shops need.
type Shops struct {
	Enroll    *enroll.Enroll
	Merchants *search.Index
	Maker     *picture.Maker
}

func (c *Core) wireShops() {
	c.Merchants, c.Maker = search.New(c.DB.Engine(), "merchant"), picture.NewMaker(picture.Limits{})
	c.Enroll = enroll.New(enroll.Deps{DB: c.DB, Post: c.Post, Maker: c.Maker, Media: c.Media, Search: c.Merchants,
		BankWait: func(now time.Time) time.Duration {
			return time.Duration(policy.At(now).Payee.ChangeHours) * time.Hour
		}})
}

func (c *Core) registerShops(patient queue.Policy) {
	c.Queue.Handle(enroll.KindBank, patient, c.Enroll.TakeBank)
	c.Queue.Handle(enroll.KindInvite, patient, c.Enroll.MailInvitation)
}
