package app

import (
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/payment/toss"
)

// ErrNoGateway is a configuration that names no gateway where one is needed.
var ErrNoGateway = fail.New(fail.Invalid, "operate.no_gateway")

// Client speaks to the configured gateway, for tools.
func (g GatewayConfig) Client() (gateway.Gateway, error) {
	if g.URL == "" {
		return nil, ErrNoGateway
	}
	return toss.New(toss.Options{URL: g.URL, SecretKey: g.Key, WebhookSecret: g.WebhookSecret, Timeout: g.Timeout})
}
