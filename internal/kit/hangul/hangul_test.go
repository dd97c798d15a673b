package hangul

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestNormalise(t *testing.T) {
	for in, want := range map[string]string{
		"  Café  LATTE! ":       "café latte",
		"ＡＢＣ　１２３":               "abc 123",
		norm.NFD.String("대한민국"): "대한민국",
		"삼겹살(2인분)·국내산":          "삼겹살 2인분 국내산",
		"🍗 치킨":                  "🍗 치킨",
		"❤️":                    "❤",
		"' OR 1=1 --":           "or 1 1",
		"":                      "",
		"ﾢ":                     "ㄲ",
	} {
		if got := Normalise(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	if Compact("삼겹살 집 1호") != "삼겹살집1호" {
		t.Error(Compact("삼겹살 집 1호"))
	}
}

func TestParts(t *testing.T) {
	if got := Bigrams("대한 민국 대한"); !reflect.DeepEqual(got, []string{"대한", "한민", "민국", "국대"}) {
		t.Error(got)
	}
	if got := Unigrams("가나가"); !reflect.DeepEqual(got, []string{"가", "나"}) {
		t.Error(got)
	}
	if got := Choseong("삼겹살 2인분 BBQ 떡"); got != "ㅅㄱㅅ 2ㅇㅂ bbq ㄸ" {
		t.Error(got)
	}
	if got := string(Jamo("값진 a닭")); got != "ㄱㅏㅄㅈㅣㄴ aㄷㅏㄺ" {
		t.Error(got)
	}
}

func TestQueryWords(t *testing.T) {
	got := QueryWords("  강남 ㅅㄱㅅ  삼ㄱ살 강남 ㄳ Coffee ")
	want := []Word{{"강남", Plain}, {"ㅅㄱㅅ", Initials}, {"삼ㄱ살", Mixed}, {"ㄱㅅ", Initials}, {"coffee", Plain}}
	if !reflect.DeepEqual(got, want) {
		t.Error(got)
	}
	if n := len(QueryWords(strings.Repeat("가 나 다 라 마 바 사 아 ", 1000))); n != queryWordsMax {
		t.Error(n)
	}
	if got := QueryWords(strings.Repeat("가", 1000)); utf8.RuneCountInString(got[0].Text) != wordRunesMax {
		t.Error(got)
	}
	if got := QueryWords(`"*():^-+ %_\`); len(got) != 0 {
		t.Error(got)
	}
}

func TestFindAndDistance(t *testing.T) {
	text := []rune("강남삼겹살집")
	for word, want := range map[string]int{
		"삼겹살": 2, "ㅅㄱㅅ": 2, "삼ㄱ살": 2, "겹ㅅ": 3, "돼지": -1, "ㅎㅎ": -1, "집": 5, "강남삼겹살집요": -1,
	} {
		if got := Find([]rune(word), text); got != want {
			t.Errorf("%s at %d, want %d", word, got, want)
		}
	}
	for word, want := range map[string]int{"삼겹살": 0, "삼겹쌀": 1, "삼겹": 0, "상겹살": 1, "삼격살": 1, "": 0} {
		if got := Distance(Jamo(word), Jamo(string(text))); got != want {
			t.Errorf("%s is %d away, want %d", word, got, want)
		}
	}
	if Distance(Jamo("떡뽁이"), Jamo("매운 떡볶이")) != 2 || SlipsAllowed(Jamo("떡뽁이")) != 2 || SlipsAllowed(Jamo("김")) != 0 {
		t.Error("떡뽁이 must still find 떡볶이")
	}
}

// TestProperties: any part of a text is found in it, also by its initials, at no distance.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []rune(Compact(rapid.StringOfN(rapid.RuneFrom([]rune("가나다힣닭값삼겹살abz019 한")), 2, 30, -1).Draw(t, "text")))
		if len(text) < 2 {
			return
		}
		from := rapid.IntRange(0, len(text)-2).Draw(t, "from")
		to := rapid.IntRange(from+1, len(text)).Draw(t, "to")
		part := text[from:to]
		if i := Find(part, text); i < 0 || i > from {
			t.Fatalf("%s not in %s", string(part), string(text))
		}
		if i := Find([]rune(Choseong(string(part))), text); i < 0 || i > from {
			t.Fatalf("initials of %s not in %s", string(part), string(text))
		}
		if d := Distance(Jamo(string(part)), Jamo(string(text))); d != 0 {
			t.Fatalf("%s is %d from %s", string(part), d, string(text))
		}
		recomposed := norm.NFC.String(norm.NFD.String(string(text)))
		if recomposed != string(text) {
			t.Fatalf("%q is not in normal form", string(text))
		}
	})
}

func FuzzNormalise(f *testing.F) {
	f.Add("대한민국 역사")
	f.Add("\xff\x00İ")
	f.Fuzz(func(t *testing.T, text string) {
		once := Normalise(text)
		if twice := Normalise(once); twice != once {
			t.Fatalf("%q became %q, then %q", text, once, twice)
		}
		for _, word := range QueryWords(text) {
			if word.Text == "" {
				t.Fatalf("%q has an empty word", text)
			}
		}
	})
}
