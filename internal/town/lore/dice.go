package lore

// Dice draws numbers that a seed decides (SplitMix64).
type Dice struct{ state uint64 }

// NewDice begins the draws of a seed.
func NewDice(seed uint64) Dice { return Dice{seed} }

func (d *Dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Under gives a number from 0 to n-1; 0 for n below 1.
func (d *Dice) Under(n int) int {
	if n < 1 {
		return 0
	}
	return int(d.next() % uint64(n))
}

// Chance is true in so many of a hundred throws.
func (d *Dice) Chance(percent int) bool { return d.Under(100) < percent }

// Pick draws one of a list.
func Pick[T any](d *Dice, list []T) T { return list[d.Under(len(list))] }

// Some draws n different members of a list, in the order drawn; all of them when there are fewer.
func Some[T any](d *Dice, list []T, n int) []T {
	rest := append([]T(nil), list...)
	n = min(n, len(rest))
	for i := range n {
		k := i + d.Under(len(rest)-i)
		rest[i], rest[k] = rest[k], rest[i]
	}
	return rest[:n]
}
