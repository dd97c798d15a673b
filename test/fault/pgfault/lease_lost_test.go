package pgfault_test

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lease"
)

const sealerLease = "sealer"

// TestSealerWakesTooLate (F18): the node that numbers the feed is stopped between its reading and its writing, long
// enough for another to take its lease. When it goes on, its batch is refused; and while it is stopped inside its
// transaction, it keeps nobody from going on for longer than a few seconds.
func TestSealerWakesTooLate(t *testing.T) {
	t.Parallel()
	c := newCluster(t, options{nodes: 1})
	d, v, sleeper := c.open(t), newVisitors(t, 10*time.Second), c.nodes[0]
	buy := func(key string) {
		t.Helper()
		q := hold(c.world.Buyer(11), c.world.Items[bulk], 1, key)
		if r := v.insist(t.Context(), c, 0, q, nil); r.status != http.StatusCreated {
			t.Fatal(r)
		}
	}
	unsealed := func() int64 { return count(t, d, `SELECT count(*) FROM kit_event WHERE seq IS NULL`) }
	waits := func() bool {
		return count(t, d, `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'`) > 0
	}
	buy("f18-first")
	await(t, 10*time.Second, "the node numbers events", func() bool { return unsealed() == 0 })

	t.Run("stale epoch", func(t *testing.T) {
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			if err := lockLease(t, tx); err != nil {
				return err
			}
			buy("f18-stale")
			await(t, 10*time.Second, "the sealer wants to write", waits)
			sleeper.signal(syscall.SIGSTOP) // it believes that it holds the lease
			_, err := db.Exec(t.Context(), tx, `UPDATE kit_lease SET holder = 'rival', epoch = epoch + 1, until = $1
 WHERE name = $2`, db.Micros(now().Add(time.Hour)), sealerLease)
			return err
		}))
		sleeper.signal(syscall.SIGCONT)
		pause(t.Context(), time.Second)
		if unsealed() == 0 {
			t.Error("the stale epoch's batch was written")
		}
		must(t, lease.Release(t.Context(), d, lease.Lease{Name: sealerLease, Holder: "rival", Epoch: epoch(t, d)}))
		await(t, 10*time.Second, "the node numbers events again", func() bool { return unsealed() == 0 })
	})

	t.Run("stopped inside its transaction", func(t *testing.T) {
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			if err := lockLease(t, tx); err != nil {
				return err
			}
			buy("f18-inside")
			await(t, 10*time.Second, "the sealer wants to write", waits)
			sleeper.signal(syscall.SIGSTOP)
			return nil
		}))
		// The lease's row is now the sleeper's. Whoever wants it next gets it all the same.
		await(t, 10*time.Second, "another holder", func() bool {
			return d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := db.Exec(t.Context(), tx, `UPDATE kit_lease SET until = 0 WHERE name = $1`, sealerLease)
				return err
			}) == nil
		})
		rival, err := lease.Acquire(t.Context(), d, sealerLease, "rival", time.Hour)
		must(t, err)
		sleeper.signal(syscall.SIGCONT)
		pause(t.Context(), time.Second)
		if unsealed() == 0 {
			t.Error("a batch that was cut off was written")
		}
		must(t, lease.Release(t.Context(), d, rival))
		await(t, 15*time.Second, "the node numbers events again", func() bool { return unsealed() == 0 })
	})
	c.sound(&journal{})
}

// lockLease keeps the lease's row until the transaction ends.
func lockLease(t *testing.T, tx *db.Tx) error {
	_, err := db.Exec(t.Context(), tx, `UPDATE kit_lease SET epoch = epoch WHERE name = $1`, sealerLease)
	return err
}

func epoch(t *testing.T, d *db.DB) int64 {
	t.Helper()
	return count(t, d, `SELECT epoch FROM kit_lease WHERE name = $1`, sealerLease)
}

// TestJobIsFinishedTooLate (F18): a node stops in the middle of a refund, the job's lease runs out, another node does
// it. What the first then says changes nothing, and the money goes back once.
func TestJobIsFinishedTooLate(t *testing.T) {
	t.Parallel()
	c := newCluster(t, options{nodes: 2, bank: true})
	d, v, sleeper := c.open(t), newVisitors(t, 10*time.Second), c.nodes[0]
	c.nodes[1].kill()
	person := c.world.Buyer(21)
	held := v.ask(t.Context(), sleeper, hold(person, c.world.Items[bulk], 1, "f18-job"))
	paid := v.ask(t.Context(), sleeper, pay(person, held.text("id"), "f18-job"))
	if paid.text("state") != "paid" {
		t.Fatal(held, paid)
	}
	order := held.text("id")
	c.bank.set(weather{held: [2]bool{back: true}}) // the gateway does what it is told, and nobody hears of it
	if r := v.ask(t.Context(), sleeper, cancelOrder(person, order, "f18-job")); r.status != http.StatusOK {
		t.Fatal(r)
	}
	const job = `SELECT count(*) FROM kit_job WHERE kind = 'refund.send' AND state = 'ready' AND lease_holder <> ''`
	await(t, 10*time.Second, "the refund is under way", func() bool { return count(t, d, job) == 1 })
	sleeper.signal(syscall.SIGSTOP)
	c.bank.set(weather{})
	must(t, d.Write(t.Context(), func(tx *db.Tx) error { // its lease has run out
		_, err := db.Exec(t.Context(), tx, `UPDATE kit_job SET due_at = $1, lease_until = $1 WHERE kind = 'refund.send'
 AND state = 'ready'`, db.Micros(now()))
		return err
	}))
	c.nodes[1].start()
	c.nodes[1].ready(waitMax)
	await(t, waitMax, "the other node pays back", func() bool {
		return count(t, d, `SELECT count(*) FROM kit_job WHERE kind = 'refund.send' AND state = 'done'`) == 1
	})
	sleeper.signal(syscall.SIGCONT)
	await(t, waitMax, "the sleeper speaks, too late", func() bool {
		return strings.Contains(sleeper.log(), "job finished too late")
	})
	if n := count(t, d, `SELECT count(*) FROM refund WHERE order_id = $1`, order); n != 1 {
		t.Errorf("%d refunds", n)
	}
	h := newHands(t, c)
	p, err := db.One(t.Context(), d, db.Scalar[string], `SELECT payment_key FROM payment WHERE order_id = $1`, order)
	must(t, err)
	there, err := h.Gateway.Lookup(t.Context(), p)
	must(t, err)
	if there.Balance != 0 || len(there.Cancels) != 1 {
		t.Errorf("at the gateway: %d won left, %d refunds", there.Balance, len(there.Cancels))
	}
	c.sound(&journal{})
}
