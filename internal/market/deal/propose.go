package deal

import (
	"context"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market"
)

// Refusals of a change after publication: what was promised may only become more.
var (
	ErrUnchanged  = fail.New(fail.Invalid, "deal.change.nothing")
	ErrShorter    = fail.New(fail.Invalid, "deal.change.shorter")
	ErrNarrower   = fail.New(fail.Invalid, "deal.change.narrower")
	ErrPromised   = fail.New(fail.Invalid, "deal.change.promised")
	ErrNoProposal = fail.New(fail.Conflict, "deal.change.none")
	ErrProposing  = fail.New(fail.Conflict, "deal.change.state")
)

// Revision is what a merchant may ask to change once the deal is public: words, pictures, a longer validity, wider
// rules. Price, quantity and everything else stay as they were agreed.
type Revision struct {
	Title     string
	Summary   string
	Story     string
	Pictures  []string
	ValidDays int64
	Rules     hours.Rules
	Branches  []market.BranchID // empty means every branch
	Why       string
}

// RevisionOf is the terms as a change that changes nothing.
func RevisionOf(t Terms) Revision {
	return Revision{Title: t.Title, Summary: t.Summary, Story: t.Story, Pictures: t.Pictures, ValidDays: t.ValidDays,
		Rules: t.Rules, Branches: t.Branches}
}

// MayPropose answers whether terms can still change: while anybody may buy or will be able to.
func (d Deal) MayPropose() error {
	if d.In(Scheduled) || d.In(OnSale) {
		return nil
	}
	return ErrProposing.With("State", string(d.State))
}

// Proposed are the terms with a change, as the given version: every fault at once, beside its field.
func (t Terms) Proposed(c Revision, version int64, limits Limits) (Terms, error) {
	var faults fail.List
	add := func(bad bool, e *fail.Error, field string) {
		if bad {
			faults = append(faults, e.On(field))
		}
	}
	add(!between(c.Title, 2, titleMax), ErrTitle.With("Max", titleMax), "title")
	add(!between(c.Summary, 0, summaryMax), ErrSummary.With("Max", summaryMax), "summary")
	add(!between(c.Story, 0, storyMax), ErrStory.With("Max", storyMax), "story")
	add(len(c.Pictures) > picturesMax, ErrPictures.With("Max", picturesMax), "pictures")
	add(c.ValidDays < t.ValidDays, ErrShorter.With("Min", t.ValidDays), "valid_days")
	add(c.ValidDays > max(limits.ValidDaysMax, t.ValidDays), ErrValidDays.With("Min", t.ValidDays, "Max",
		limits.ValidDaysMax), "valid_days")
	add(!c.Rules.Covers(t.Rules), ErrNarrower, "weekdays")
	add(!covers(c.Branches, t.Branches), ErrNarrower, "branches")
	if err := CheckReason(c.Why); err != nil {
		faults = append(faults, ErrReason.With("Min", reasonMin, "Max", reasonMax).On("why"))
	}
	if len(faults) == 0 && t.same(c) {
		faults = append(faults, ErrUnchanged.On("title"))
	}
	next := t
	next.Version, next.State, next.Reason = version, TermsProposed, c.Why
	next.Title, next.Summary, next.Story, next.Pictures = c.Title, c.Summary, c.Story, c.Pictures
	next.ValidDays, next.Rules, next.Branches = c.ValidDays, c.Rules, c.Branches
	return next, faults.Err()
}

func (t Terms) same(c Revision) bool {
	return t.Title == c.Title && t.Summary == c.Summary && t.Story == c.Story && slices.Equal(t.Pictures, c.Pictures) &&
		t.ValidDays == c.ValidDays && t.Rules.Covers(c.Rules) && c.Rules.Covers(t.Rules) &&
		covers(t.Branches, c.Branches) && covers(c.Branches, t.Branches)
}

// covers reports that the wider list holds everything of the narrower; an empty one means all.
func covers[T comparable](wide, narrow []T) bool {
	if len(wide) == 0 {
		return true
	}
	if len(narrow) == 0 {
		return false
	}
	return !slices.ContainsFunc(narrow, func(x T) bool { return !slices.Contains(wide, x) })
}

// Proposal reads the change of a deal's terms that waits for the operator, or ErrNoProposal.
func Proposal(ctx context.Context, q db.Querier, id market.DealID) (Terms, error) {
	t, err := db.One(ctx, q, scanTerms, `SELECT `+termsColumns+` FROM deal_terms
 WHERE deal_id = $1 AND state = 'proposed' ORDER BY version DESC LIMIT 1`, string(id))
	if db.IsNoRow(err) {
		return t, ErrNoProposal
	}
	return t, err
}

// ProposedVersion is the number of the next proposal: that of the one waiting, or one more than all.
func ProposedVersion(versions []Terms) int64 {
	last := int64(0)
	for _, t := range versions {
		if t.State == TermsProposed {
			return t.Version
		}
		last = max(last, t.Version)
	}
	return last + 1
}

// Versions lists all versions of a deal's terms, the newest first.
func Versions(ctx context.Context, q db.Querier, id market.DealID) ([]Terms, error) {
	return db.All(ctx, q, scanTerms, `SELECT `+termsColumns+` FROM deal_terms WHERE deal_id = $1 ORDER BY version DESC`,
		string(id))
}

// Adopt makes a version the deal's terms from now on; orders made before keep theirs. False when another was first.
func Adopt(ctx context.Context, tx *db.Tx, d Deal, version int64) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE deal SET terms_version = $3, version = version + 1
 WHERE id = $1 AND terms_version = $2 AND state IN ('scheduled', 'on_sale')`, string(d.ID), d.TermsVersion, version)
	return n == 1, err
}
