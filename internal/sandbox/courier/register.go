package courier

import (
	"net/http"
	"strings"
	"time"
)

// business is a row of the register's answer, as the tax office names its fields.
type business struct {
	Number string `json:"b_no"`
	Name   string `json:"b_stt"`
	Code   string `json:"b_stt_cd"` // 01 runs, 02 rests, 03 has closed, "" is not known
	Tax    string `json:"tax_type"`
	Ended  string `json:"end_dt"`
}

func (c *Courier) status(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("serviceKey") != c.key {
		answer(w, http.StatusUnauthorized, map[string]string{"code": "-401"})
		return
	}
	var ask struct {
		Numbers []string `json:"b_no"`
	}
	if !read(w, r, &ask) {
		return
	}
	down := false
	err := c.store.View(r.Context(), func(time.Time) {
		on, _ := c.settings.Get("on")
		down = on.RegisterDown
	})
	list := make([]business, len(ask.Numbers))
	for i, n := range ask.Numbers {
		list[i] = businessOf(n)
	}
	if err != nil || down {
		answer(w, http.StatusServiceUnavailable, map[string]string{"code": "DOWN"})
		return
	}
	answer(w, http.StatusOK, map[string]any{"status_code": "OK", "match_cnt": len(list), "data": list})
}

func businessOf(number string) business {
	b := business{Number: number}
	switch {
	case strings.HasSuffix(number, "7"):
		b.Tax = "국세청에 등록되지 않은 사업자등록번호입니다."
	case strings.HasSuffix(number, "8"):
		b.Name, b.Code, b.Tax = "휴업자", "02", "부가가치세 일반과세자"
	case strings.HasSuffix(number, "9"):
		b.Name, b.Code, b.Tax, b.Ended = "폐업자", "03", "부가가치세 일반과세자", "20251231"
	default:
		b.Name, b.Code, b.Tax = "계속사업자", "01", "부가가치세 일반과세자"
	}
	return b
}
