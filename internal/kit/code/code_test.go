package code

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEncodeKnownValues(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "f": "CR", "fo": "CSQG", "foo": "CSQPY", "foob": "CSQPYRG", "fooba": "CSQPYRK1", "foobar": "CSQPYRK1E8",
	} {
		if got := Encode([]byte(text)); got != want {
			t.Errorf("%q gave %s, want %s", text, got, want)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "data")
		text := Encode(data)
		back, err := Decode(strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(text, "0", "o"), "1", "l")))
		if err != nil || !bytes.Equal(back, data) {
			t.Fatalf("%x became %s, then %x, %v", data, text, back, err)
		}
	})
}

func TestDecodeRefuses(t *testing.T) {
	for _, text := range []string{"U", "A", "AAA", "CZ", "한글", "A!", "AA=", "\xff", "CR\x00"} {
		if data, err := Decode(text); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q gave %x, %v", text, data, err)
		}
	}
}

// codes gives folded short codes to try errors on: every character at every place, over changing neighbours.
func codes() []string {
	var out []string
	for seed := range 64 {
		letters := make([]byte, shortRunes)
		for i := range letters {
			letters[i] = Alphabet[(seed*7+i*(seed|1)+i*i*3)%32]
		}
		out = append(out, string(letters)+string(Check(string(letters))))
	}
	return out
}

func passes(folded string) bool { return Check(folded[:shortRunes]) == folded[shortRunes] }

// TestEverySingleErrorIsCaught tries all 31 wrong characters in all 11 places.
func TestEverySingleErrorIsCaught(t *testing.T) {
	for _, text := range codes() {
		if !passes(text) {
			t.Fatalf("%s does not pass", text)
		}
		for i := range text {
			for _, wrong := range []byte(Alphabet) {
				if wrong == text[i] {
					continue
				}
				if broken := text[:i] + string(wrong) + text[i+1:]; passes(broken) {
					t.Errorf("%s passes for %s", broken, text)
				}
			}
		}
	}
}

// TestEverySwapIsCaught tries every pair of different characters at every two places, neighbours or not.
func TestEverySwapIsCaught(t *testing.T) {
	base := strings.Repeat("0", shortRunes)
	for i := range shortRunes {
		for j := i + 1; j <= shortRunes; j++ {
			for _, a := range []byte(Alphabet) {
				for _, b := range []byte(Alphabet) {
					if a != b {
						trySwap(t, base, [2]int{i, j}, [2]byte{a, b})
					}
				}
			}
		}
	}
}

// trySwap makes a code with a and b at two places (the second may be the check character, which then must happen to
// be b) and swaps them.
func trySwap(t *testing.T, base string, places [2]int, chars [2]byte) {
	t.Helper()
	letters := []byte(base)
	letters[places[0]] = chars[0]
	if places[1] < shortRunes {
		letters[places[1]] = chars[1]
	}
	whole := append(letters, Check(string(letters)))
	if whole[places[1]] != chars[1] {
		return
	}
	whole[places[0]], whole[places[1]] = whole[places[1]], whole[places[0]]
	if passes(string(whole)) {
		t.Errorf("swapping %v in %s passes", places, whole)
	}
}

func TestToken(t *testing.T) {
	token, err := Token(bytes.Repeat([]byte{0xff}, TokenBytes))
	if err != nil || token != "V1"+strings.Repeat("Z", 26) {
		t.Fatal(token, err)
	}
	for _, typed := range []string{
		token, strings.ToLower(token), " " + token + "\n", "v1 zzzz-zzzz " + strings.Repeat("z", 18), "VI" + token[2:],
	} {
		if got, err := ParseToken(typed); err != nil || got != token {
			t.Errorf("%q gave %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{
		"", token[1:], token + "0", "V2" + token[2:], strings.Replace(token, "Z", "U", 1), "https://example.com/" + token,
	} {
		if _, err := ParseToken(typed); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q was accepted", typed)
		}
	}
	if _, err := Token(make([]byte, TokenBytes-1)); err == nil {
		t.Error("too few bytes were accepted")
	}
}

func TestShort(t *testing.T) {
	short, err := Short([]byte{0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde})
	if err != nil || len(short) != 13 || short[4] != '-' || short[9] != '-' {
		t.Fatal(short, err)
	}
	plain := strings.ReplaceAll(short, "-", "")
	for _, typed := range []string{short, plain, strings.ToLower(short), plain[:3] + " " + plain[3:], " " + short + " "} {
		if got, err := ParseShort(typed); err != nil || got != short {
			t.Errorf("%q gave %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", plain[1:], plain + "0", plain[:10], "한글-코드-입니다"} {
		if _, err := ParseShort(typed); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q was accepted", typed)
		}
	}
	if _, err := Short(make([]byte, ShortBytes-1)); err == nil {
		t.Error("too few bytes were accepted")
	}
}

// TestBitsAreAllUsed holds that the cut to 26 and 10 characters loses no more than the six spare bits.
func TestBitsAreAllUsed(t *testing.T) {
	seen := map[string]bool{}
	for bit := range 50 {
		random := make([]byte, ShortBytes)
		random[bit/8] = 1 << (7 - bit%8)
		short, err := Short(random)
		if err != nil || seen[short] {
			t.Fatalf("bit %d is lost: %s %v", bit, short, err)
		}
		seen[short] = true
	}
	for bit := range 130 {
		random := make([]byte, TokenBytes)
		random[bit/8] = 1 << (7 - bit%8)
		token, err := Token(random)
		if err != nil || seen[token] {
			t.Fatalf("bit %d is lost: %s %v", bit, token, err)
		}
		seen[token] = true
	}
}

func FuzzParse(f *testing.F) {
	f.Add("V1ZZZZZZZZZZZZZZZZZZZZZZZZZZ")
	f.Add("28T5-CY4T-QKZ")
	f.Add("ＡＢＣＤ\x00")
	f.Fuzz(func(t *testing.T, text string) {
		if token, err := ParseToken(text); err == nil {
			if again, err := ParseToken(token); err != nil || again != token {
				t.Fatalf("%q is not normal", token)
			}
		}
		if short, err := ParseShort(text); err == nil {
			if again, err := ParseShort(short); err != nil || again != short {
				t.Fatalf("%q is not normal", short)
			}
		}
		if data, err := Decode(text); err == nil {
			folded, _ := Fold(text)
			if Encode(data) != folded {
				t.Fatalf("%q decodes to %x, which is %s", text, data, Encode(data))
			}
		}
	})
}
