package region

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTidyEnglish(t *testing.T) {
	for _, c := range [][3]string{
		{"사직동", "Sajik-dong", "Sajik-dong"},
		{"필동", "Pildong", "Pil-dong"},
		{"창신1동", "Changsin 1(il)-dong", "Changsin 1-dong"},
		{"상계10동", "Sanggye 10(sip)-dong", "Sanggye 10-dong"},
		{"원효로2동", "Wonhyoro2-dong", "Wonhyoro 2-dong"},
		{"용산2가동", "Yongsan2Gadong", "Yongsan 2-ga-dong"},
		{"종로1·2·3·4가동", "Jongno1·2·3·4Gadong", "Jongno 1·2·3·4-ga-dong"},
		{"성수1가1동", "Seongsu1(il)-ga1(il)-dong", "Seongsu 1-ga 1-dong"},
		{"성수2가3동", "Seongsu 2(i)-ga 3(sam)-dong", "Seongsu 2-ga 3-dong"},
		{"검단1동", "Geomdan-1(il)dong", "Geomdan 1-dong"},
		{"봉명2·송정동", "Bongmyeong2·Songjeong-dong", "Bongmyeong 2·Songjeong-dong"},
		{"성내·충인동", "Seongnae·Chungin-dong", "Seongnae·Chungin-dong"},
		{"초월읍", "Choworeup", "Chowor-eup"},
		{"대소원면", "Daesowonmyeon", "Daesowon-myeon"},
		{"감포읍", "Gampo-eup", "Gampo-eup"},
		{"한라산", "Hallasan ", "Hallasan"},
		{"동", "dong", "dong-dong"},
		{"역삼동", "", ""},
	} {
		if got := tidyEnglish(c[0], c[1]); got != c[2] {
			t.Errorf("%s: %q is %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

func TestFoldName(t *testing.T) {
	for _, c := range [][2]string{
		{"종로1·2·3·4가동", "종로1.2.3.4가동"},
		{"수원시 팔달구", "수원시팔달구"},
		{"당감제1동", "당감1동"},
		{"홍제제1동", "홍제1동"},
		{"면목3·8동", "면목제3.8동"},
	} {
		if foldName(c[0]) != foldName(c[1]) {
			t.Errorf("%s and %s fold to %s and %s", c[0], c[1], foldName(c[0]), foldName(c[1]))
		}
	}
	for _, c := range [][2]string{{"역삼1동", "역삼2동"}, {"제기동", "기동"}, {"거제1동", "거1읍"}, {"제1동", "1동"}} {
		if foldName(c[0]) == foldName(c[1]) {
			t.Errorf("%s and %s fold alike", c[0], c[1])
		}
	}
}

func FuzzNames(f *testing.F) {
	f.Add("창신1동", "Changsin 1(il)-dong")
	f.Fuzz(func(t *testing.T, korean, english string) {
		if utf8.ValidString(korean) && utf8.ValidString(english) && !utf8.ValidString(tidyEnglish(korean, english)) {
			t.Fatal("broken text")
		}
		if once := foldName(korean); strings.ContainsAny(once, " ·.,") {
			t.Fatal(once)
		}
	})
}
