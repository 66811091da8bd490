package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/auditprof/auditprof/scenarios"
)

// party is the workload of a scenario with several users: a process for each, which get their shares of an order at the same time. None of them
// has more rights than the workload of one user has; what all of them need is done here.
type party struct {
	users   scenarios.Users
	members []*process
}

// userDir is the data folder of one user of a scenario, below the work directory: a rule with dir= on that has all of them.
func (w *liveWorkloads) userDir(scenario, user string) string {
	return filepath.Join(w.workDir(scenario), user)
}

// makeDirs makes the folders of a scenario. With several users each has one of its own that nobody else may enter, below folders that nobody
// but root may change.
func (w *liveWorkloads) makeDirs(sc scenarios.Info, accounts []account) error {
	users := sc.Users.List()
	if len(users) == 0 {
		return own(accounts[0], w.dataDir(sc.Name), w.workDir(sc.Name))
	}
	for _, dir := range []string{w.dataDir(sc.Name), w.workDir(sc.Name)} {
		if err := openDir(dir); err != nil {
			return err
		}
	}
	for i, u := range users {
		dir := w.userDir(sc.Name, u.Name)
		if err := own(accounts[i], dir, filepath.Join(dir, scenarios.WorkName)); err != nil {
			return err
		}
	}
	return nil
}

// startParty starts one process after the other: each is set up before the next is forked.
func (w *liveWorkloads) startParty(ctx context.Context, l Launch) (Workload, error) {
	sc := l.Scenario
	p := &party{users: sc.Users}
	for i, u := range sc.Users.List() {
		m, err := w.startProcess(ctx, l, quarters{sc.Name, w.userDir(sc.Name, u.Name), w.accounts[sc.Name][i], i + 1})
		if err != nil {
			return nil, fmt.Errorf("user %s: %w", u.Name, errors.Join(err, p.Close()))
		}
		p.members = append(p.members, m)
	}
	return p, nil
}

// PIDs are those of all users.
func (p *party) PIDs() (pids []int) {
	for _, m := range p.members {
		pids = append(pids, m.PIDs()...)
	}
	return pids
}

// Run gives each user its share of the order. When one fails, or ctx ends, all are killed.
func (p *party) Run(ctx context.Context, ops uint64) (scenarios.Outcome, error) {
	type answer struct {
		user int
		out  scenarios.Outcome
		err  error
	}
	limited, cancel := context.WithCancel(ctx)
	defer cancel()
	answers, asked := make(chan answer, len(p.members)), 0
	for i, share := range p.users.Shares(ops) {
		if share == 0 {
			continue
		}
		asked++
		go func() {
			out, err := p.members[i].Run(limited, share)
			answers <- answer{i, out, err}
		}()
	}
	var outcomes []scenarios.Outcome
	var first error
	for range asked {
		a := <-answers
		if a.err != nil && first == nil { // the others end by it, and say nothing that is not its consequence
			first = fmt.Errorf("user %s: %w", p.users[a.user].Name, a.err)
			cancel()
		}
		outcomes = append(outcomes, a.out)
	}
	if first != nil {
		return scenarios.Outcome{}, first
	}
	return scenarios.Together(outcomes)
}

// Close ends all of them.
func (p *party) Close() error {
	var err error
	for _, m := range p.members {
		m.in.Close() // all clean up at the same time
	}
	for _, m := range p.members {
		err = errors.Join(err, m.Close())
	}
	return err
}
