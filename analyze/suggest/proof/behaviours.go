package proof

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest"
)

// Bounds of the behaviours of all changes together: names are chosen by whoever is audited.
const (
	behaviourBytes = 16 << 20
	behaviourCost  = 128 // bytes that one takes besides its names
	maxRarest      = 5
)

// behaviourBudget is what is still to be had of behaviourBytes, counted up.
type behaviourBudget struct{ used int }

// behaviours are the different combinations of program, directory and user among the events that a change takes, with how often each came.
type behaviours struct {
	budget *behaviourBudget
	seen   map[string]*behaviour
	full   bool // some had no room: there are at least as many
	key    []byte
}

type behaviour struct{ learnt, tested uint64 }

func newBehaviours(b *behaviourBudget) behaviours {
	return behaviours{budget: b, seen: map[string]*behaviour{}}
}

func (b *behaviours) add(row *analyze.Row, tested bool) {
	b.key = binary.LittleEndian.AppendUint32(b.key[:0], row.UID)
	b.key, _ = row.Exe.AppendUntrusted(b.key)
	b.key = append(b.key, 0)
	b.key = append(b.key, folder(row.Path)...)
	one := b.seen[string(b.key)]
	if one == nil {
		if b.budget.used+len(b.key)+behaviourCost > behaviourBytes {
			b.full = true
			return
		}
		b.budget.used += len(b.key) + behaviourCost
		one = &behaviour{}
		b.seen[string(b.key)] = one
	}
	if tested {
		one.tested++
	} else {
		one.learnt++
	}
}

// folder is the directory of a file without a slash at its end, empty for none.
func folder(path []byte) []byte {
	path = bytes.TrimRight(path, "/")
	at := bytes.LastIndexByte(path, '/')
	if at < 0 {
		return nil
	}
	if dir := bytes.TrimRight(path[:at], "/"); len(dir) > 0 {
		return dir
	}
	return path[:1]
}

// rarest are those that came least often, the rarest first.
func (b *behaviours) rarest() []suggest.Lost {
	list := []suggest.Lost{}
	for key, n := range b.seen {
		exe, dir, _ := strings.Cut(key[4:], "\x00")
		list = append(list, suggest.Lost{Exe: exe, Path: dir, UID: binary.LittleEndian.Uint32([]byte(key)), Events: n.learnt + n.tested})
		if len(list) >= 64 {
			list = leastOf(list)
		}
	}
	return leastOf(list)
}

func leastOf(list []suggest.Lost) []suggest.Lost {
	slices.SortFunc(list, func(x, y suggest.Lost) int {
		return cmp.Or(cmp.Compare(x.Events, y.Events), strings.Compare(x.Exe, y.Exe), strings.Compare(x.Path, y.Path), cmp.Compare(x.UID, y.UID))
	})
	return list[:min(len(list), maxRarest)]
}

// newTested counts those that came in the tested part only.
func (b *behaviours) newTested() (n uint64) {
	for _, one := range b.seen {
		if one.learnt == 0 {
			n++
		}
	}
	return n
}
