package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// mix is a workload as a value: which operations of the vocabulary, how often each, on what files. A shuffled deck holds each operation as
// often as its weight says, so every len(deck) operations have exactly the shares of the weights, in an order that the seed decides.
type mix struct {
	files   filePool // what lies there before the first operation, for file operations
	ioBytes int      // of one read-zero or write-null; 0 is 1
	ops     []weighted
}

type weighted struct {
	op     string
	weight int
}

// operation is one word of the vocabulary.
type operation struct {
	name string
	do   func() error
}

// family is a part of the vocabulary with what its operations need in common. Only families that a mix uses are set up.
type family interface {
	setup(*Site) error
	operations() []operation
	teardown() error
}

func (m mix) families() []family {
	return []family{&files{pool: m.files, rmdirs: m.weight("rmdir")}, &denied{}, &sockets{}, &web{}, &programs{}, &streams{bytes: m.ioBytes}, &messages{}, calls{}}
}

// weight is that of an operation, 0 where the mix has it not.
func (m mix) weight(op string) int {
	for _, x := range m.ops {
		if x.op == op {
			return x.weight
		}
	}
	return 0
}

// workload makes the mix ready for Setup.
func (m mix) workload() Workload { return &mixWorkload{mix: m} }

type mixWorkload struct {
	mix  mix
	used []family // those whose set-up was begun, in order
	deck *deck
}

type counted struct {
	do func() error
	n  *uint64
}

// Setup prepares the families in use and performs every operation once, so that first-time work of runtime and kernel is done before the
// window.
func (w *mixWorkload) Setup(site *Site) error {
	byName, used, err := w.mix.resolve()
	if err != nil {
		return err
	}
	for _, f := range used {
		w.used = append(w.used, f) // before its set-up, which may leave something half made
		if err := f.setup(site); err != nil {
			return err
		}
	}
	var cards []counted
	for _, op := range w.mix.ops {
		c := counted{byName[op.op], site.Count(op.op)}
		for range op.weight {
			cards = append(cards, c)
		}
		if err := c.do(); err != nil {
			return fmt.Errorf("first %s: %w", op.op, err)
		}
	}
	w.deck = newDeck(cards, site.Rand)
	return nil
}

// resolve finds the code of each operation and the families they belong to.
func (m mix) resolve() (map[string]func() error, []family, error) {
	byName := map[string]func() error{}
	var used []family
	var legal []string
	for _, f := range m.families() {
		ops := f.operations()
		if slices.ContainsFunc(ops, m.uses) {
			used = append(used, f)
		}
		for _, op := range ops {
			byName[op.name] = op.do
			legal = append(legal, op.name)
		}
	}
	for _, op := range m.ops {
		if byName[op.op] == nil || op.weight < 1 || op.weight > 1000 {
			return nil, nil, fmt.Errorf("operation %q with weight %d: the weight must be 1 to 1000, the operation one of %s",
				op.op, op.weight, strings.Join(legal, ", "))
		}
	}
	if len(m.ops) == 0 {
		return nil, nil, errors.New("a mix without operations")
	}
	return byName, used, nil
}

func (m mix) uses(op operation) bool {
	return slices.ContainsFunc(m.ops, func(x weighted) bool { return x.op == op.name })
}

// Do draws the next operation and performs it.
func (w *mixWorkload) Do() error {
	c := w.deck.draw()
	*c.n++
	return c.do()
}

// Teardown lets go of what the families hold.
func (w *mixWorkload) Teardown() error {
	var err error
	for _, f := range w.used {
		err = errors.Join(err, f.teardown())
	}
	return err
}
