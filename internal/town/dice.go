package town

// dice draws numbers that a seed decides (SplitMix64).
type dice struct{ state uint64 }

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// under gives a number from 0 to n-1; 0 for n below 1.
func (d *dice) under(n int) int {
	if n < 1 {
		return 0
	}
	return int(d.next() % uint64(n))
}

// chance is true in so many of a hundred throws.
func (d *dice) chance(percent int) bool { return d.under(100) < percent }

// pick draws one of a list.
func pick[T any](d *dice, list []T) T { return list[d.under(len(list))] }

// some draws n different members of a list, in the order drawn; all of them when there are fewer.
func some[T any](d *dice, list []T, n int) []T {
	rest := append([]T(nil), list...)
	n = min(n, len(rest))
	for i := range n {
		k := i + d.under(len(rest)-i)
		rest[i], rest[k] = rest[k], rest[i]
	}
	return rest[:n]
}
