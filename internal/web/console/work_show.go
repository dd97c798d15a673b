package console

import (
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

type workView struct {
	Jobs  []queue.StuckJob
	Key   string
	Now   time.Time
	Ready int64
	Late  time.Duration
}

const workRows = 100

// work lists jobs that gave up and wait for a person.
func (d Deps) work(r *request.Request) error {
	p, err := page(r, r.Loc.T("console.nav.work"), "/admin/work")
	if err != nil {
		return err
	}
	if err := right.Check(r.Actor, right.ConsoleJob, right.Resource{}); err != nil {
		return err
	}
	v := workView{Key: r.NewKey(), Now: r.Now}
	if v.Jobs, err = queue.Stuck(r.Context(), d.DB, queue.StuckJob{}, workRows); err != nil {
		return err
	}
	return r.Render(workPage(p, v))
}

// retryJob gives a stuck job all its tries back.
func (d Deps) retryJob(r *request.Request) error {
	if _, err := r.Form(); err != nil {
		return err
	}
	if err := right.Check(r.Actor, right.ConsoleJob, right.Resource{}); err != nil {
		return err
	}
	if err := d.Queue.Retry(r.Context(), r.PathValue("job")); err != nil {
		return err
	}
	r.Flash(ui.Act, "console.work.again")
	return r.Redirect("/admin/work")
}

func (v workView) columns(loc ui.Loc) []ui.Column {
	return []ui.Column{{Label: loc.T("console.work.kind")}, {Label: loc.T("console.work.key")},
		{Label: loc.T("console.work.tries"), Num: true}, {Label: loc.T("console.money.error")},
		{Label: loc.T("console.work.since")}, {Label: loc.T("console.money.act"), Narrow: true}}
}

func (v workView) rows(loc ui.Loc) [][]ui.Cell {
	out := make([][]ui.Cell, len(v.Jobs))
	for i, j := range v.Jobs {
		out[i] = []ui.Cell{{Text: jobName(loc, j.Kind), Note: j.Kind, Strong: true}, {Text: j.Key},
			{Text: loc.Count(int64(j.Attempts))},
			{Text: j.LastError, Long: true}, {Text: loc.Ago(j.Stuck, v.Now)}, {Content: jobForm(j.ID, v.Key)}}
	}
	return out
}

// jobName says what a job does; one without words is shown by its kind.
func jobName(loc ui.Loc, kind string) string {
	if text, ok := written(loc, "console.job."+strings.ReplaceAll(kind, ".", "_")); ok {
		return text
	}
	return loc.T("console.job.other")
}

type auditView struct {
	Rows  []audit.Entry
	Names map[string]string // of those who acted
	Now   time.Time
	After string
	About string
}

// audit shows who did what, newest first.
func (d Deps) audit(r *request.Request) error {
	p, err := page(r, r.Loc.T("console.nav.audit"), "/admin/audit")
	if err != nil {
		return err
	}
	if err := right.Check(r.Actor, right.ConsoleAudit, right.Resource{}); err != nil {
		return err
	}
	q := r.URL.Query()
	v := auditView{Now: r.Now, About: q.Get("about")}
	if v.Rows, err = audit.List(r.Context(), d.DB, audit.Filter{Resource: v.About, Before: q.Get("before"),
		Limit: workRows}); err != nil {
		return err
	}
	if len(v.Rows) == workRows {
		v.After = "/admin/audit?before=" + v.Rows[len(v.Rows)-1].ID
	}
	if v.Names, err = d.auditNames(r, v.Rows); err != nil {
		return err
	}
	return r.Render(auditPage(p, v))
}

func (v auditView) columns(loc ui.Loc) []ui.Column {
	return []ui.Column{{Label: loc.T("console.audit.when")}, {Label: loc.T("console.audit.who")},
		{Label: loc.T("console.audit.what")}, {Label: loc.T("console.audit.to")}, {Label: loc.T("console.audit.detail")},
		{Label: loc.T("console.audit.from")}}
}
