package hook

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// Deps are what the receiver works with.
type Deps struct {
	Gateway gateway.Gateway
	Now     func() time.Time
	// Notice keeps a verified notice and sees to it that it is looked into; the same notice twice is one.
	Notice func(ctx context.Context, event gateway.WebhookEvent, body []byte) error
	Log    *slog.Logger
}

const bodyMax = 256 << 10

// Routes mounts the addresses.
func Routes(mux *http.ServeMux, deps Deps) {
	mux.HandleFunc("POST /hooks/gateway", deps.gatewayNotice)
}

// gatewayNotice answers 200 for everything it has kept, also for what it knew already; a forged notice is refused, and
// a notice that could not be kept asks to be sent again.
func (d Deps) gatewayNotice(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyMax))
	if err != nil {
		http.Error(w, "body", http.StatusRequestEntityTooLarge)
		return
	}
	event, err := d.Gateway.VerifyWebhook(r.Header, body, d.Now())
	if err != nil {
		d.Log.Warn("notice refused", "address", r.RemoteAddr, "error", err)
		http.Error(w, "signature", http.StatusUnauthorized)
		return
	}
	if err := d.Notice(r.Context(), event, body); err != nil {
		d.Log.Error("notice not kept", "id", event.ID, "error", err)
		http.Error(w, "later", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}
