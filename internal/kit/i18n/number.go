package i18n

import "strconv"

// Won writes an amount of won: "12,900원" in Korean, "₩12,900" in English.
func (l *Localizer) Won(amount int64) string {
	if l.lang == Korean {
		return grouped(amount) + "원"
	}
	if amount < 0 {
		return "-₩" + grouped(amount)[1:]
	}
	return "₩" + grouped(amount)
}

// Count writes a whole number with thousands set apart: "1,234".
func (l *Localizer) Count(n int64) string { return grouped(n) }

// Percent writes basis points as a percentage without idle zeros: 1250 is "12.5%".
func (l *Localizer) Percent(basisPoints int64) string {
	sign := ""
	if basisPoints < 0 {
		sign, basisPoints = "-", -basisPoints
	}
	text := sign + grouped(basisPoints/100)
	switch rest := basisPoints % 100; {
	case rest == 0:
	case rest%10 == 0:
		text += "." + strconv.FormatInt(rest/10, 10)
	case rest < 10:
		text += ".0" + strconv.FormatInt(rest, 10)
	default:
		text += "." + strconv.FormatInt(rest, 10)
	}
	return text + "%"
}

// grouped sets thousands apart; it works on digits so that the smallest int64 is right too.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	out := make([]byte, 0, len(digits)+len(digits)/3+1)
	out = append(out, sign...)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, digits[i])
	}
	return string(out)
}
