package bid

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// A sealed bid can be checked with nothing but SHA-256 over text:
//
//	commitment = sha256(salt + "\n" + text)                    public when the bid is made, with its time
//	digest     = sha256("dure auction 1\n" + wish + "\n")      before the first bid, then for each in order
//	digest     = sha256(digest + " " + seq + " " + commitment + "\n")
//
// All values are lower-case hex text. The digest stands on the page while bids come in, so that no commitment can be
// slipped in, changed or dropped afterwards; text and salt are shown after the close.

const (
	saltBytes = 32
	sealHead  = "dure bid 1"
)

// Seal is the part of a sealed bid that nobody sees before the close.
type Seal struct {
	BidID   market.BidID
	Salt    string
	Text    string
	Deposit money.Won
}

// SealOf writes a bid as its canonical text, the same for the same offer.
func SealOf(b Bid, o Offer, salt string) Seal {
	var t strings.Builder
	line := func(parts ...string) { t.WriteString(strings.Join(parts, " ") + "\n") }
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	line(sealHead)
	line("wish", string(b.WishID))
	line("merchant", string(b.MerchantID))
	line("delivery", string(o.Delivery))
	line("unit_price", number(o.UnitPrice))
	line("quantity", number(o.QuantityMin), number(o.QuantityMax))
	for _, s := range o.Steps {
		line("step", number(s.From), number(s.UnitPrice))
	}
	line("promised_by", o.PromisedBy.UTC().Format(time.RFC3339))
	line("branch", string(o.BranchID))
	for _, key := range o.Evidence {
		line("evidence", key)
	}
	if o.MadeToOrder {
		line("made_to_order")
	}
	line("note")
	t.WriteString(o.Note)
	return Seal{BidID: b.ID, Salt: salt, Text: t.String()}
}

// Commitment is the hash that is public at once.
func (s Seal) Commitment() string { return sum(s.Salt + "\n" + s.Text) }

// Verify lets anybody check that a text is what was committed to.
func Verify(text, salt, commitment string) bool {
	return len(salt) == 2*saltBytes && Seal{Salt: salt, Text: text}.Commitment() == commitment
}

// ChainStart is the digest of an auction without a bid.
func ChainStart(id market.WishID) string { return sum("dure auction 1\n" + string(id) + "\n") }

// Chain is the digest after one more commitment.
func Chain(digest string, seq int64, commitment string) string {
	return sum(digest + " " + strconv.FormatInt(seq, 10) + " " + commitment + "\n")
}

// Open reads the offer back; false for a text that is not exactly what SealOf writes for this bid.
func (s Seal) Open(b Bid) (Offer, bool) {
	head, note, found := strings.Cut(s.Text, "\nnote\n")
	if !found {
		return Offer{}, false
	}
	o := Offer{Note: note}
	for _, l := range strings.Split(head, "\n") {
		name, value, _ := strings.Cut(l, " ")
		first, second, _ := strings.Cut(value, " ")
		switch name {
		case "delivery":
			o.Delivery = Delivery(value)
		case "unit_price":
			o.UnitPrice = whole(value)
		case "quantity":
			o.QuantityMin, o.QuantityMax = whole(first), whole(second)
		case "step":
			o.Steps = append(o.Steps, PriceStep{From: whole(first), UnitPrice: whole(second)})
		case "promised_by":
			o.PromisedBy, _ = time.Parse(time.RFC3339, value)
		case "branch":
			o.BranchID = market.BranchID(value)
		case "evidence":
			o.Evidence = append(o.Evidence, value)
		case "made_to_order":
			o.MadeToOrder = true
		}
	}
	// Writing it again is the whole check: a line that is missing, doubled or moved gives another text.
	return o, SealOf(b, o, s.Salt).Text == s.Text
}

func whole(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func sum(text string) string {
	hash := sha256.Sum256([]byte(text))
	return hex.EncodeToString(hash[:])
}
