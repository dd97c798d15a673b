package app

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/live/behind"
	"github.com/dure-commerce/dure/internal/kit/live/natsbus"
	"github.com/dure-commerce/dure/internal/kit/node"
	"github.com/dure-commerce/dure/internal/kit/queue"
)

// ErrOneNode is a configuration of several nodes over a database that one process writes.
var ErrOneNode = fail.New(fail.Invalid, "cluster.needs_postgres")

// ClusterConfig says how several nodes tell each other what changed, and how one of them comes and goes. With neither
// addresses nor a URL nothing of it is started.
type ClusterConfig struct {
	Routes    []string      `name:"cluster" help:"${cluster_help}" env:"DURE_CLUSTER"`
	Listen    string        `name:"cluster-listen" help:"${cluster_listen_help}" env:"DURE_CLUSTER_LISTEN"`
	Token     string        `name:"cluster-token" help:"${cluster_token_help}" env:"DURE_CLUSTER_TOKEN"`
	URL       string        `name:"nats-url" help:"${nats_url_help}" env:"DURE_NATS_URL"`
	Subject   string        `name:"nats-subject" help:"${nats_subject_help}" default:"dure.live" env:"DURE_NATS_SUBJECT"`
	Drain     time.Duration `name:"drain" help:"${drain_help}" default:"0s" env:"DURE_DRAIN"`
	NoMigrate bool          `name:"no-migrate" help:"${no_migrate_help}" env:"DURE_NO_MIGRATE"`
}

// asked tells that nodes are to hear each other.
func (c ClusterConfig) asked() bool { return c.URL != "" || len(c.Routes) > 0 }

const meshPasswordBytes = 16

// fit brings the database to the program's version, unless told not to, and refuses one that does not fit.
func (o ServerOptions) fit(ctx context.Context, d *db.DB) error {
	if o.Config.Cluster.asked() && d.Engine() != db.Postgres {
		return ErrOneNode
	}
	if !o.Config.Cluster.NoMigrate {
		if _, err := o.Schema.Migrate(ctx, d); err != nil {
			return err
		}
	}
	return o.Schema.Check(ctx, d)
}

// joinNodes makes this process known to the others and opens the bus, where one is configured.
func (s *Server) joinNodes(ctx context.Context) error {
	o := s.Options
	newest, err := o.Schema.Newest()
	if err != nil {
		return err
	}
	s.Life = node.Begin(s.DB, node.Node{Name: s.Node, Address: s.listener.Addr().String(), Version: newest})
	s.guard = node.NewGuard(s.DB, node.GuardOptions{Clock: o.GuardClock, Log: o.Log,
		Fits: func(ctx context.Context) (why, err error) { return o.Schema.Fits(ctx, s.DB) }})
	if _, err := s.guard.RunOnce(ctx); err != nil {
		return err
	}
	c := o.Config.Cluster
	if !c.asked() {
		return nil
	}
	s.Bus, err = natsbus.Open(natsbus.Options{Name: s.Node, URL: c.URL, Subject: c.Subject, Clock: s.DB.Clock(),
		Log: o.Log, Mesh: natsbus.Mesh{Listen: c.Listen, Routes: c.Routes, Token: c.Token},
		Password: hex.EncodeToString(s.DB.IDs().Bytes(meshPasswordBytes))})
	return err
}

// nodeWorkers keep this process among the others: none on SQLite, which has one.
func (s *Server) nodeWorkers() []queue.Worker {
	if s.DB.Engine() != db.Postgres {
		return nil
	}
	options := behind.Options{DB: s.DB, Hub: s.Hub, Others: s.Life.Others, Log: s.Options.Log}
	var turned <-chan struct{}
	if s.Bus != nil {
		options.Ear, turned = s.Bus, s.Bus.Turned()
	}
	return []queue.Worker{
		{Name: "node.life", RunOnce: s.Life.RunOnce, Poll: node.BeatEvery},
		{Name: "node.guard", RunOnce: s.guard.RunOnce, Poll: node.GuardEvery},
		{Name: "live.behind", RunOnce: behind.New(options).RunOnce, Poll: behind.StepEvery, Wake: turned},
	}
}

// leaveNodes takes this process from the others' list and closes the bus.
func (s *Server) leaveNodes(ctx context.Context) error {
	err := s.Life.End(ctx)
	if s.Bus != nil {
		s.Bus.Close()
	}
	return err
}

// drain says that this node is going, and gives whoever sends requests here the time to notice. It answers the fault
// that ended serving meanwhile.
func (s *Server) drain(served <-chan error) error {
	s.draining.Store(true)
	pause := time.NewTimer(s.Options.Config.Cluster.Drain)
	defer pause.Stop()
	select {
	case <-pause.C:
		return nil
	case err := <-served:
		return err
	}
}
