package account

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/dure-commerce/dure/internal/kit/id"
)

// Cost is what one hash takes; it stands in every hash, so that it can be raised later.
type Cost struct {
	MemoryKiB uint32
	Passes    uint32
	Threads   uint8
}

// CostDefault is OWASP's minimum for argon2id: 19 MiB, two passes, one thread.
func CostDefault() Cost { return Cost{MemoryKiB: 19 * 1024, Passes: 2, Threads: 1} }

const (
	saltBytes = 16
	sumBytes  = 32
	// waitingMax is how many sign-ins may wait for a hash; more are told to come back, for memory's sake.
	waitingMax = 64
)

// Hasher makes and checks password hashes, a few at once: each takes Cost.MemoryKiB while it runs.
type Hasher struct {
	ids     id.Source
	cost    Cost
	queue   chan struct{}
	running chan struct{}
}

// NewHasher hashes with the given cost, at most width at once.
func NewHasher(ids id.Source, cost Cost, width int) *Hasher {
	return &Hasher{
		ids: ids, cost: cost,
		queue:   make(chan struct{}, width+waitingMax),
		running: make(chan struct{}, width),
	}
}

// enter waits for a free place, and answers ErrBusy at once when too many wait already.
func (h *Hasher) enter(ctx context.Context) (leave func(), err error) {
	select {
	case h.queue <- struct{}{}:
	default:
		return nil, ErrBusy
	}
	select {
	case h.running <- struct{}{}:
		return func() { <-h.running; <-h.queue }, nil
	case <-ctx.Done():
		<-h.queue
		return nil, ctx.Err()
	}
}

// Hash gives the PHC text of a password.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	salt := h.ids.Bytes(saltBytes)
	return h.cost.phc(salt, h.cost.sum(password, salt)), nil
}

// Verify reports whether the password fits the hash, and whether the hash was made at another cost than today's. An
// empty or broken hash fits nothing and takes as long as a real one: the time must not tell who has an account.
func (h *Hasher) Verify(ctx context.Context, hash, password string) (fits, stale bool, err error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return false, false, err
	}
	defer leave()
	cost, salt, want, ok := parsePHC(hash)
	if !ok {
		h.cost.sum(password, make([]byte, saltBytes))
		return false, false, nil
	}
	fits = subtle.ConstantTimeCompare(cost.sum(password, salt), want) == 1
	return fits, fits && cost != h.cost, nil
}

func (c Cost) sum(password string, salt []byte) []byte {
	// The same Korean password arrives composed from one system and taken apart from another.
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, c.Passes, c.MemoryKiB, c.Threads, sumBytes)
}

func (c Cost) phc(salt, sum []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, c.MemoryKiB, c.Passes, c.Threads, b64.EncodeToString(salt), b64.EncodeToString(sum))
}

// Bounds on what a stored hash may ask for: a row somebody wrote by hand must not take all memory.
const (
	memoryKiBMax = 256 * 1024
	passesMax    = 16
)

func parsePHC(text string) (cost Cost, salt, sum []byte, ok bool) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return cost, nil, nil, false
	}
	_, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &cost.MemoryKiB, &cost.Passes, &cost.Threads)
	if err != nil || cost.Passes == 0 || cost.Threads == 0 || cost.MemoryKiB > memoryKiBMax || cost.Passes > passesMax {
		return cost, nil, nil, false
	}
	salt, err = base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil || len(salt) < 8 {
		return cost, nil, nil, false
	}
	sum, err = base64.RawStdEncoding.DecodeString(parts[5])
	return cost, salt, sum, err == nil && len(sum) == sumBytes
}

// APIPrefix begins every API token, so that secret scanners know one when they see it.
const APIPrefix = "dure_"

// NewSecret draws 256 random bits and gives them as text for a link or a header.
func NewSecret(bytes func(n int) []byte) string {
	return base64.RawURLEncoding.EncodeToString(bytes(32))
}

// HashSecret is how a token is kept. The token has 256 random bits, so that a plain hash is enough.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
