package analyze

import (
	"context"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// Log is where records come from, each with the name of its file: analyze/logs has one.
type Log interface {
	Scan() bool
	Record() *record.Record
	Err() error
}

// Ledger takes every event with its decision, in the order of the log. Rows are the reading's own and valid during the call only.
type Ledger interface {
	Write(*Row) error
	// Doubt says that the log has just shown something that may change decisions before this one: they may come again.
	Doubt()
	// Again says that the events up to the last Doubt come a second time now, decided with all that the log has shown.
	Again() error
}

// Reading is the way of a log through the matcher into a Tally. A log shows late what its early names meant: that a directory is a link, what
// file a descriptor was of. Events before such news are decided a second time, in a second reading that ends where the news ended.
type Reading struct {
	Matcher *match.Matcher // nil: there is no rule set, events are told by their keys
	Orders  []Order        // the same rules as the host may have loaded them as well: what they decide otherwise is undecided
	Tally   *Tally         // nil, where Once is set: nothing is added up
	Ledger  Ledger         // nil: nobody asks for single decisions
	Once    bool           // it is not known whether the log can be read a second time: first decisions stand until it is
	Jobs    int            // goroutines that decide; 1: everything in the caller's
	Events  event.Options

	// Observe, where it is set, sees every event of the first reading in order, before it is used again. Plain ones hold a system call and no
	// record that is not a part of one.
	Observe func(ev *event.Event, plain bool)

	facts  *match.Facts
	whole  *match.Facts // of the first reading: they have seen all of the log
	judge  panel        // of the one who adds up: knows the facts
	judges []panel      // of the workers: know what each event says of itself
	memos  []*event.Memo
	used   int // events so far
	stale  int // events up to the last news
	second bool
}

// Read reads a log to its end, the first time.
func (r *Reading) Read(ctx context.Context, log Log) error {
	r.facts = nil
	if r.Matcher != nil {
		r.facts = match.NewFacts(r.Matcher)
	}
	r.whole = r.facts
	r.used, r.stale, r.second = 0, 0, false
	return r.run(ctx, log, -1)
}

// Stale is the number of events, those at the beginning of the log, that were decided before the log had shown what they may have needed: they
// are to be decided again. It is 0 where the first reading was enough.
func (r *Reading) Stale() int { return r.stale }

// ReadAgain decides the stale events anew, from the same log read a second time. Where Once was set the whole log comes again, for a Tally and a
// Ledger that the caller has given new: what has been counted was not forgotten. It may be called more than once then, without rules too.
func (r *Reading) ReadAgain(ctx context.Context, log Log) error {
	limit := r.stale
	if r.Once {
		limit = -1
	} else if r.Ledger != nil {
		if err := r.Ledger.Again(); err != nil {
			return err
		}
	}
	if r.whole != nil {
		r.facts = r.whole.Again()
	}
	r.used, r.second = 0, true
	return r.run(ctx, log, limit)
}

// run reads a log, or its first events where there is a limit.
func (r *Reading) run(ctx context.Context, log Log, limit int) error {
	r.prepare()
	src := newSource(log, r.Events, limit)
	err := inOrder(r.Jobs, stages[batch]{
		Fill: src.fill,
		Work: r.decide,
		Use: func(b *batch) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return r.use(b)
		},
	})
	if err != nil {
		return err
	}
	return log.Err()
}

func (r *Reading) prepare() {
	r.judges, r.memos = nil, nil
	for range max(r.Jobs, 1) {
		r.memos = append(r.memos, event.NewMemo())
	}
	if r.Matcher == nil {
		return
	}
	for range r.memos {
		r.judges = append(r.judges, r.panel(nil))
	}
	r.judge = r.panel(r.facts)
}

// panel is one judge for each order of the rules.
type panel struct {
	first  *match.Judge
	orders []Order
	others []*match.Judge
}

func (r *Reading) panel(f *match.Facts) panel {
	p := panel{first: r.Matcher.Judge(f), orders: r.Orders}
	for i := range r.Orders {
		p.others = append(p.others, r.Orders[i].Matcher.Judge(nil)) // facts are about the rules of the first
	}
	return p
}

// decide is the decision that all orders agree in.
func (p *panel) decide(c *event.Call) match.Decision {
	d := p.first.Decide(c)
	for i := range p.orders {
		if p.orders[i].changes(d) {
			d = p.orders[i].weigh(d, p.others[i].Decide(c))
		}
	}
	return d
}

// glance is the decision where what the event says itself is enough for it; else it is left open.
func (p *panel) glance(c *event.Call) match.Decision {
	d, sure := p.first.Glance(c)
	for i := range p.orders {
		if sure && p.orders[i].changes(d) {
			d = p.orders[i].weigh(d, p.others[i].Decide(c))
		}
	}
	return d
}

// decide is the work that can be done side by side: reading fields, and deciding by what each event says of itself.
func (r *Reading) decide(worker int, b *batch) {
	for i := range b.items {
		it := &b.items[i]
		it.read(r.memos[worker])
		if it.isCall && r.Matcher != nil {
			it.take(r.judges[worker].glance(&it.call))
			continue
		}
		it.byItself()
	}
}

// use is what has to be done in order: learning, deciding again what the facts are about, adding up.
func (r *Reading) use(b *batch) error {
	for i := range b.items {
		it := &b.items[i]
		if it.isCall && r.Matcher != nil {
			if about := r.facts.Learn(&it.call); about || it.open {
				it.take(r.judge.decide(&it.call))
			}
			r.heed()
		}
		if err := r.count(it); err != nil {
			return err
		}
	}
	return nil
}

// heed forgets the decisions so far where the log has shown something that they may have needed.
func (r *Reading) heed() {
	if r.second || !r.facts.News() {
		return
	}
	r.stale = r.used
	if r.Once {
		return
	}
	r.Tally.Forget()
	if r.Ledger != nil {
		r.Ledger.Doubt()
	}
}

func (r *Reading) count(it *item) error {
	r.used++
	switch {
	case r.Tally == nil:
	case r.second && !r.Once:
		r.Tally.Amend(&it.row)
	default:
		r.Tally.Add(&it.row)
	}
	if r.Observe != nil && !r.second {
		r.Observe(it.ev, it.isCall && !it.call.Kernel)
	}
	if r.Ledger != nil {
		return r.Ledger.Write(&it.row)
	}
	return nil
}
