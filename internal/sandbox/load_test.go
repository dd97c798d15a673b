package sandbox_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dure-commerce/dure/internal/sandbox"
)

// BenchmarkConfirm measures confirms over TCP; the caller runs on the same machine. Prepared payments are made outside
// the clock.
func BenchmarkConfirm(b *testing.B) {
	for name, memory := range map[string]bool{"memory": true, "file": false} {
		b.Run(name, func(b *testing.B) {
			box, err := sandbox.New(b.Context(), sandbox.Options{Memory: memory})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = box.Close() }()
			server := httptest.NewServer(box.Handler())
			defer server.Close()
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
			keys := make([]string, b.N)
			for i := range keys {
				keys[i] = prepared(b, box, i)
			}
			var next atomic.Int64
			b.SetParallelism(32)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					i := next.Add(1) - 1
					text := fmt.Sprintf(`{"paymentKey":%q,"orderId":"order-%08d","amount":9900}`, keys[i], i)
					r, _ := http.NewRequestWithContext(b.Context(), "POST", server.URL+"/v1/payments/confirm",
						strings.NewReader(text))
					r.SetBasicAuth(sandbox.DefaultSecretKey, "")
					r.Header.Set("Idempotency-Key", keys[i])
					got, err := client.Do(r)
					if err != nil || got.StatusCode != http.StatusOK {
						b.Error(err, got)
						return
					}
					buffer := make([]byte, 4096)
					for {
						if _, err := got.Body.Read(buffer); err != nil {
							break
						}
					}
					_ = got.Body.Close()
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "confirms/s")
		})
	}
}

func prepared(b *testing.B, box *sandbox.Sandbox, i int) string {
	b.Helper()
	call := func(path, text string) string {
		r, _ := http.NewRequestWithContext(b.Context(), "POST", "http://sandbox.example"+path, strings.NewReader(text))
		r.SetBasicAuth(sandbox.DefaultSecretKey, "")
		got, err := box.Transport().RoundTrip(r)
		if err != nil {
			b.Fatal(err)
		}
		buffer := make([]byte, 4096)
		n, _ := got.Body.Read(buffer)
		return string(buffer[:n])
	}
	body := fmt.Sprintf(`{"orderId":"order-%08d","orderName":"빵","amount":9900,
		"successUrl":"http://a.example","failUrl":"http://a.example"}`, i)
	_, rest, _ := strings.Cut(call("/sandbox/checkouts", body), `"checkoutKey":"`)
	checkout, _, _ := strings.Cut(rest, `"`)
	_, rest, _ = strings.Cut(call("/sandbox/checkouts/"+checkout+"/authorize", `{"instrument":"ok"}`), `"paymentKey":"`)
	key, _, _ := strings.Cut(rest, `"`)
	return key
}
