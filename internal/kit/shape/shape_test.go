package shape_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/shape"
)

// square is a ring with south-west corner (lat, lng) and the given side.
func square(lat, lng, side int64) shape.Ring {
	return shape.Ring{{Lat: lat, Lng: lng}, {Lat: lat, Lng: lng + side}, {Lat: lat + side, Lng: lng + side},
		{Lat: lat + side, Lng: lng}}
}

func TestContains(t *testing.T) {
	yard := shape.Shape{{square(0, 0, 100), square(40, 40, 20)}, {square(200, 200, 10)}}
	for _, c := range []struct {
		name string
		at   shape.Point
		want bool
	}{
		{"inside", shape.Point{Lat: 10, Lng: 10}, true},
		{"in the hole", shape.Point{Lat: 50, Lng: 50}, false},
		{"between hole and rim", shape.Point{Lat: 50, Lng: 20}, true},
		{"on the island", shape.Point{Lat: 205, Lng: 205}, true},
		{"between both", shape.Point{Lat: 150, Lng: 150}, false},
		{"west of all", shape.Point{Lat: 50, Lng: -1}, false},
		{"east of all", shape.Point{Lat: 50, Lng: 101}, false},
		{"south-west corner belongs", shape.Point{Lat: 0, Lng: 0}, true},
		{"north-east corner does not", shape.Point{Lat: 100, Lng: 100}, false},
	} {
		if got := yard.Contains(c.at); got != c.want {
			t.Errorf("%s: Contains(%v) = %v", c.name, c.at, got)
		}
	}
}

// A point on a common border belongs to exactly one neighbour, so no shop stands in two regions or in none.
func TestNeighboursShareNoPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bend := rapid.Int64Range(1, 99).Draw(t, "bend")
		middle := shape.Point{Lat: 50, Lng: bend}
		west := shape.Shape{{{{Lat: 0, Lng: 0}, {Lat: 0, Lng: 50}, middle, {Lat: 100, Lng: 50}, {Lat: 100, Lng: 0}}}}
		east := shape.Shape{{{{Lat: 0, Lng: 50}, {Lat: 0, Lng: 100}, {Lat: 100, Lng: 100}, {Lat: 100, Lng: 50}, middle}}}
		p := shape.Point{Lat: rapid.Int64Range(0, 99).Draw(t, "lat"), Lng: rapid.Int64Range(0, 99).Draw(t, "lng")}
		if west.Contains(p) == east.Contains(p) {
			t.Fatalf("%v: west %v, east %v", p, west.Contains(p), east.Contains(p))
		}
	})
}

func TestCentreIsInside(t *testing.T) {
	horseshoe := shape.Shape{{{{Lat: 0, Lng: 0}, {Lat: 0, Lng: 100}, {Lat: 100, Lng: 100}, {Lat: 100, Lng: 80},
		{Lat: 20, Lng: 80}, {Lat: 20, Lng: 20}, {Lat: 100, Lng: 20}, {Lat: 100, Lng: 0}}}}
	for name, s := range map[string]shape.Shape{
		"square":    {{square(0, 0, 100)}},
		"horseshoe": horseshoe,
		"ring":      {{square(0, 0, 100), square(20, 20, 60)}},
		"largest":   {{square(500, 500, 10)}, {square(0, 0, 100)}},
	} {
		if c := s.Centre(); !s.Contains(c) || c.Lat >= 500 {
			t.Errorf("%s: centre %v", name, c)
		}
	}
	if c := (shape.Shape)(nil).Centre(); c != (shape.Point{}) {
		t.Errorf("nothing has a centre: %v", c)
	}
}

func TestMetres(t *testing.T) {
	block := shape.Shape{{square(37*shape.Unit, 127*shape.Unit, shape.Unit/100)}}
	if got := block.Metres(shape.Degrees(37.005, 127.005)); got != 0 {
		t.Errorf("inside: %v", got)
	}
	// A hundredth of a degree north of the rim is 1,113 m; the same east is shorter by the cosine of 37°.
	if got := block.Metres(shape.Degrees(37.02, 127.005)); got < 1112 || got > 1115 {
		t.Errorf("north: %v", got)
	}
	if got := block.Metres(shape.Degrees(37.005, 127.02)); got < 888 || got > 891 {
		t.Errorf("east: %v", got)
	}
}

func TestEncodeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		point := rapid.Custom(func(t *rapid.T) shape.Point {
			return shape.Point{Lat: rapid.Int64Range(-9e8, 9e8).Draw(t, "lat"),
				Lng: rapid.Int64Range(-18e8, 18e8).Draw(t, "lng")}
		})
		var s shape.Shape
		for range rapid.IntRange(0, 3).Draw(t, "polygons") {
			var g shape.Polygon
			for range rapid.IntRange(1, 3).Draw(t, "rings") {
				g = append(g, rapid.SliceOfN(point, 3, 9).Draw(t, "ring"))
			}
			s = append(s, g)
		}
		back, err := shape.Decode(s.Encode())
		if err != nil || (len(s) > 0 && !cmp.Equal(s, back)) {
			t.Fatalf("%v %v %v", err, s, back)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add((shape.Shape{{square(0, 0, 9)}}).Encode())
	f.Add([]byte{1, 255, 255, 255, 255, 15})
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := shape.Decode(data)
		if err != nil {
			return
		}
		if again, err := shape.Decode(s.Encode()); err != nil || !cmp.Equal(s, again) {
			t.Fatalf("not stable: %v", err)
		}
	})
}

const topo = `{"type":"Topology","transform":{"scale":[0.5,0.25],"translate":[127,37]},
 "arcs":[[[2,0],[0,4]],[[2,4],[-2,0],[0,-4],[2,0]],[[2,0],[2,0],[0,4],[-2,0]]],
 "objects":{"map":{"type":"GeometryCollection","geometries":[
  {"type":"Polygon","arcs":[[0,1]],"properties":{"code":"11","name":"서","nested":{"a":1},"n":7,"none":null}},
  {"type":"MultiPolygon","arcs":[[[-1,2]]],"properties":{"code":12,"name":"동"}},
  {"type":"Polygon","arcs":[[9]],"properties":{"code":"13"}},
  {"type":"Polygon","arcs":[[0]],"properties":{"code":"14"}},
  {"type":null,"properties":{"code":"15"}},
  {"type":"Point","coordinates":[1,2],"properties":{"code":"16"}}]}}}`

func TestReadTopology(t *testing.T) {
	features, err := shape.Read(strings.NewReader(topo))
	if err != nil {
		t.Fatal(err)
	}
	want := []error{nil, nil, shape.ErrBadArc, shape.ErrOpenRing, shape.ErrNoOutline, shape.ErrNoOutline}
	if len(features) != len(want) {
		t.Fatalf("%d features", len(features))
	}
	for i, f := range features {
		if !errors.Is(f.Err, want[i]) {
			t.Errorf("feature %d: %v, want %v", i, f.Err, want[i])
		}
	}
	if diff := cmp.Diff(map[string]string{"code": "11", "name": "서", "n": "7"}, features[0].Properties); diff != "" {
		t.Error(diff)
	}
	if features[1].Properties["code"] != "12" {
		t.Errorf("a number as code: %v", features[1].Properties)
	}
	west, east := features[0].Shape, features[1].Shape
	border := shape.Degrees(37.5, 128)
	if !west.Contains(shape.Degrees(37.5, 127.5)) || !east.Contains(shape.Degrees(37.5, 128.5)) ||
		west.Contains(border) == east.Contains(border) {
		t.Errorf("west %v east %v", west, east)
	}
}

func TestReadGeoJSON(t *testing.T) {
	const doc = `{"type":"FeatureCollection","features":[
	 {"type":"Feature","properties":{"code":"11"},"geometry":{"type":"Polygon","coordinates":
	  [[[127,37,8],[128,37,8],[128,38,8],[127,37,8]]]}},
	 {"type":"Feature","properties":{"code":"12"},"geometry":{"type":"MultiPolygon","coordinates":
	  [[[[127,37],[128,37],[128,38],[127,38]]]]}},
	 {"type":"Feature","properties":{"code":"13"},"geometry":{"type":"Polygon","coordinates":
	  [[[953000,1950000],[953001,1950000],[953001,1950001],[953000,1950000]]]}},
	 {"type":"Feature","properties":null,"geometry":null},
	 {"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[127,37],[128,37],[127,37]]]}},
	 {"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":"no"}},
	 {"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[]}}]}`
	features, err := shape.Read(strings.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	want := []error{nil, shape.ErrOpenRing, shape.ErrNotDegrees, shape.ErrNoOutline, shape.ErrSmallRing,
		shape.ErrNoOutline, shape.ErrSmallRing}
	for i, f := range features {
		if !errors.Is(f.Err, want[i]) || (want[i] == nil && f.Err != nil) {
			t.Errorf("feature %d: %v, want %v", i, f.Err, want[i])
		}
	}
}

func TestReadRefusesOtherFiles(t *testing.T) {
	for _, text := range []string{"", "상가업소번호,상호명", "{}", `{"type":"Topology"}`, `[1]`, `{"type":"Feature"}`} {
		if _, err := shape.Read(strings.NewReader(text)); !errors.Is(err, shape.ErrNotMap) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(topo))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"geometry":{"type":"Polygon",
		"coordinates":[[[1,2],[3,4],[5,9],[1,2]]]}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		features, err := shape.Read(strings.NewReader(string(data)))
		if err != nil {
			return
		}
		for _, feature := range features {
			if feature.Err != nil {
				continue
			}
			box := feature.Shape.Box()
			if c := feature.Shape.Centre(); !box.Has(c) {
				t.Fatalf("centre %v outside %v", c, box)
			}
			if _, err := shape.Decode(feature.Shape.Encode()); err != nil {
				t.Fatal(err)
			}
			_ = feature.Shape.Path(shape.View{Box: box, Width: 100})
		}
	})
}

func TestPathKeepsCommonBorders(t *testing.T) {
	features, err := shape.Read(strings.NewReader(topo))
	if err != nil {
		t.Fatal(err)
	}
	view := shape.View{Box: features[0].Shape.Box().Join(features[1].Shape.Box()), Width: 100}
	got := []string{features[0].Shape.Path(view), features[1].Shape.Path(view)}
	want := []string{"M50 63l0-63-50 0 0 63z", "M50 0l0 63 50 0 0-63z"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The repository's neighbour folder holds the real outlines; a missing folder is a failure, not a pass.
func realFile(t *testing.T, name string) *os.File {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			f, err := os.Open(filepath.Join(at, "..", "shared", "data", name))
			if err != nil {
				t.Fatalf("the folder shared/data must stand beside the repository: %v", err)
			}
			t.Cleanup(func() { _ = f.Close() })
			return f
		}
		if at == filepath.Dir(at) {
			t.Fatal("no go.mod above the test")
		}
	}
}

func TestReadRealOutlines(t *testing.T) {
	for name, want := range map[string]int{
		"korea-provinces-2018.topojson": 17, "korea-municipalities-2018.topojson": 250,
		"korea-submunicipalities-2018.topojson": 3504,
	} {
		features, err := shape.Read(realFile(t, name))
		if err != nil || len(features) != want {
			t.Fatalf("%s: %d features, %v", name, len(features), err)
		}
		bytes := 0
		for _, f := range features {
			if f.Err != nil {
				t.Errorf("%s %v: %v", name, f.Properties, f.Err)
				continue
			}
			if c := f.Shape.Centre(); !f.Shape.Contains(c) {
				t.Errorf("%s %v: centre outside", name, f.Properties)
			}
			bytes += len(f.Shape.Encode())
		}
		if bytes > 1<<21 {
			t.Errorf("%s: %d bytes stored", name, bytes)
		}
		t.Logf("%s: %d bytes stored", name, bytes)
	}
}
