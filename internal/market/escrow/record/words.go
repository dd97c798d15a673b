package record

// Word is one fact in words: a catalogue key and its arguments.
type Word struct {
	Key  string
	Args map[string]any
	Bad  bool // it speaks against somebody
}

func word(key string, count, of int64, bad bool) Word {
	return Word{Key: key, Args: map[string]any{"Count": count, "Of": of}, Bad: bad}
}

// Words tells a seller's facts, the most telling first; of a seller without any, that there are none yet.
func (f Facts) Words() []Word {
	if f.Shares == 0 {
		return []Word{word("record.seller.none", 0, 0, false)}
	}
	out := []Word{word("record.seller.fulfilled", f.Fulfilled, f.Shares, false)}
	for _, w := range []Word{
		word("record.seller.late", f.Late, f.Shares, true),
		word("record.seller.disputed", f.Disputed, f.Shares, true),
		word("record.seller.lost", f.Lost, f.Disputed, true),
	} {
		if w.Args["Count"] != int64(0) {
			out = append(out, w)
		}
	}
	return out
}

// Member is what a member's part in wishes says about them.
type Member struct {
	Paid     int64 // shares
	Unpaid   int64 // wishes whose time to pay passed without a word of theirs
	Disputed int64
	Lost     int64 // disputes in which nothing went back
}

// Words tells a member's facts; of a member without any, that there are none yet.
func (m Member) Words() []Word {
	asked := m.Paid + m.Unpaid
	if asked == 0 {
		return []Word{word("record.member.none", 0, 0, false)}
	}
	out := []Word{word("record.member.paid", m.Paid, asked, false)}
	for _, w := range []Word{
		word("record.member.unpaid", m.Unpaid, asked, true),
		word("record.member.disputed", m.Disputed, m.Paid, false),
		word("record.member.lost", m.Lost, m.Disputed, true),
	} {
		if w.Args["Count"] != int64(0) {
			out = append(out, w)
		}
	}
	return out
}
