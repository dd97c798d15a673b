// Package poster draws the picture that stands beside an address of ours when it is passed on in a messenger: 1200 by
// 630 points, as PNG, because messengers show no SVG.
//
// It owns one weight of Pretendard with every Korean syllable (npm pretendard 1.3.9, SIL Open Font License, LICENSE)
// and reads it when the first picture is asked for. It knows no deal and no shop: it is given words and figures.
package poster
