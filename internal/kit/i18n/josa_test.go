package i18n

import "testing"

// TestJosaTable reads each word aloud: the word, then 은/는, 을/를, 와/과, (으)로, 이에요/예요.
func TestJosaTable(t *testing.T) {
	pairs := []string{"은/는", "을/를", "와/과", "(으)로", "이에요/예요"}
	consonant := []string{"은", "을", "과", "으로", "이에요"}
	vowel := []string{"는", "를", "와", "로", "예요"}
	rieul := []string{"은", "을", "과", "로", "이에요"}
	unknown := []string{"은(는)", "을(를)", "와(과)", "(으)로", "이에요"}
	table := []struct {
		want  []string
		words []string
	}{
		{consonant, []string{
			"삼겹살 2인분", "이웃", "강남점", "10", "100", "1,000", "12,900,000", "3", "6", "0", "200g", "1.5kg",
			"LCM", "Salon", "Game", "shop", "book", "internet", "coupon",
			"보쌈(2인)", "“보쌈”", "떡볶이 [점심]", "ㄱ", "닭 🐔", "1.20", "12,900원",
		}},
		{vowel, []string{
			"두레", "커피", "2", "4", "5", "9", "42", "1000000000000", "50%", "500ml", "2L", "CAFE", "A", "NAVER 지도",
			"coffee", "Nike", "park", "두레(주)", "두레 (강남점)", "「나무」", "치즈!", "ㅏ", "coat", "25℃",
		}},
		{rieul, []string{"서울", "호텔", "1", "7", "8", "17", "URL", "Google", "hotel", "물(500ml)", "'겨울'", "ㄹ"}},
		{unknown, []string{"", "🐔", "...", "東京", "()"}},
	}
	for _, row := range table {
		for _, word := range row.words {
			for i, pair := range pairs {
				got, err := Josa(word, pair)
				if err != nil {
					t.Fatal(err)
				}
				if got != row.want[i] {
					t.Errorf("%s + %s = %s, want %s", word, pair, got, row.want[i])
				}
			}
		}
	}
}

func TestJosaKnowsOtherPairsAndRefusesUnknownOnes(t *testing.T) {
	for pair, want := range map[string]string{"이/가": "이", "아/야": "아", "(이)랑": "이랑", "이나/나": "이나", "으로/로": "으로"} {
		if got, err := Josa("이웃", pair); err != nil || got != want {
			t.Errorf("이웃 + %s = %s, %v", pair, got, err)
		}
	}
	for _, pair := range []string{"", "은", "의", "는/가"} {
		if _, err := Josa("이웃", pair); err == nil {
			t.Errorf("pair %q was accepted", pair)
		}
	}
}

func FuzzJosa(f *testing.F) {
	for _, word := range []string{"두레(주)", "((", "))", "a", "0,0", "\xff\xfe", "한(글)(두)", "1조"} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, word string) {
		got, err := Josa(word, "을/를")
		if err != nil || got != "을" && got != "를" && got != "을(를)" {
			t.Fatalf("%q gave %q, %v", word, got, err)
		}
	})
}
