package robot_test

import (
	"context"
	"encoding/xml"
	"net/http"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/storefront/robot"
)

func TestTheMapOfTheSiteHoldsWhatEverybodyMaySee(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		f := requesttest.Frame(t, w.DB)
		f.Base = "http://dure.test"
		mux := http.NewServeMux()
		robot.Routes(mux, robot.Deps{Frame: f, DB: w.DB})
		b := requesttest.Open(t, f, mux)
		w.Shop("mer_open", "할매손칼국수", "본점")
		w.Approve("mer_open")
		w.Shop("mer_draft", "아직 쓰는 집", "본점")
		d := w.Scheduled("mer_open", nil)
		hidden := w.Scheduled("mer_open", nil)
		w.Must(w.DB.Write(context.Background(), func(tx *db.Tx) error {
			_, err := db.Exec(w.Ctx, tx, `UPDATE deal SET public_from = $1 WHERE id = $2`,
				db.Micros(d.EndsAt), string(hidden.ID))
			return err
		}))
		index := b.Get("/sitemap.xml")
		if index.Status != 200 || !index.Has("/sitemap/regions-0.xml", "/sitemap/shops-0.xml", "/sitemap/deals-0.xml") ||
			index.Has("deals-1.xml") {
			t.Fatalf("%d %s", index.Status, index.Body)
		}
		for path, want := range map[string]string{
			"shops": "/m/mer_open", "deals": "/d/" + string(d.ID), "regions": "/trust",
		} {
			a := b.Get("/sitemap/" + path + "-0.xml")
			var site struct {
				Pages []struct {
					Address string `xml:"loc"`
				} `xml:"url"`
			}
			if err := xml.Unmarshal([]byte(a.Body), &site); err != nil || a.Status != 200 || !a.Has(f.Base+want+"<") {
				t.Errorf("%s: %d %v %s", path, a.Status, err, a.Body)
			}
			if a.Has("mer_draft") || a.Has(string(hidden.ID)) || path != "regions" && len(site.Pages) != 1 {
				t.Errorf("%s lists what is not public: %s", path, a.Body)
			}
		}
		for _, path := range []string{"deals-1.xml", "shops-7.xml", "regions-1.xml", "deals-.xml", "deals--1.xml", "deals-0",
			"orders-0.xml", "deals-99999999999999999999.xml", "x"} {
			if a := b.Get("/sitemap/" + path); a.Status != 404 {
				t.Errorf("%s: %d", path, a.Status)
			}
		}
		robots := b.Get("/robots.txt")
		if robots.Status != 200 || !robots.Has("Disallow: /office\n", "Allow: /\n", "Sitemap: "+f.Base+"/sitemap.xml") {
			t.Errorf("%d %s", robots.Status, robots.Body)
		}
		f.Demo = true
		if a := b.Get("/robots.txt"); strings.TrimSpace(a.Body) != "User-agent: *\nDisallow: /" {
			t.Errorf("a demonstration says %s", a.Body)
		}
	})
}
