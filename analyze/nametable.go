package analyze

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"slices"
)

// The first two ids of every table: what was given up, and what an event does not say. Neither is ever given up.
const (
	otherID  uint32 = 0
	absentID uint32 = 1
	pinned          = 2
)

// maxNameBytes is how much is kept of one name: names in a log are as long as whoever is audited likes. Longer ones are told apart by the
// hash of the whole, and shown cut.
const maxNameBytes = 256

// nameTable counts by name, in bounded memory. Where it is full, the lighter half of its names is given up for Other, and those that hold
// ids of it are told by moved what each old id is now.
type nameTable struct {
	index  index
	names  []nameRow
	limit  int
	cut    uint64
	moved  func(now []uint32)
	hashes maphash.Seed
}

type nameRow struct {
	hash uint64
	name string
	Count
}

// newNameTable makes a table of at most limit names. Hashes are seeded: whoever is audited cannot choose names that collide.
func newNameTable(limit int, moved func([]uint32)) *nameTable {
	t := &nameTable{limit: limit, moved: moved, hashes: maphash.MakeSeed()}
	t.names = append(t.names, nameRow{name: Other}, nameRow{hash: t.hash(nil)})
	t.index.fill(t.hashOf, pinned, pinned)
	t.index.put(t.hash(nil), absentID)
	return t
}

func (t *nameTable) hash(name []byte) uint64 { return maphash.Bytes(t.hashes, name) }
func (t *nameTable) hashOf(id uint32) uint64 { return t.names[id].hash }
func (t *nameTable) add(id uint32, n Count)  { t.names[id].Count.add(n) }
func (t *nameTable) weight(id uint32) Count  { return t.names[id].Count }
func (t *nameTable) same(id uint32, b []byte) bool {
	return bytes.HasPrefix(b, []byte(t.names[id].name))
}

// id is the id of a name, a new one where it has not been seen.
func (t *nameTable) id(name []byte) uint32 {
	hash := t.hash(name)
	for at := t.index.start(hash); ; at = t.index.next(at) {
		id := t.index.ids[at]
		if id == 0 {
			break
		}
		if t.names[id].hash == hash && t.same(id, name) {
			return id
		}
	}
	if len(t.names) >= t.limit {
		t.makeRoom()
	}
	id := uint32(len(t.names))
	t.names = append(t.names, nameRow{hash: hash, name: string(name[:min(len(name), maxNameBytes)])})
	t.index.grow(t.hashOf, len(t.names))
	t.index.put(hash, id)
	return id
}

// makeRoom gives up the lighter half.
func (t *nameTable) makeRoom() {
	now, kept := lighterHalf(len(t.names), t.limit/2, t.weight)
	for id := range t.names {
		if now[id] == otherID && id != int(otherID) {
			t.names[otherID].Count.add(t.names[id].Count)
			t.cut++
			continue
		}
		t.names[now[id]] = t.names[id]
	}
	clear(t.names[kept:]) // lets go of the texts
	t.names = t.names[:kept]
	t.index.fill(t.hashOf, pinned, kept)
	t.index.put(t.names[absentID].hash, absentID)
	if t.moved != nil {
		t.moved(now)
	}
}

// table is the dimension as a Table.
func (t *nameTable) table() Table {
	out := Table{Other: t.names[otherID].Count, Cut: t.cut, Rows: []Named{}}
	for _, row := range t.names[absentID:] {
		if !row.Count.IsZero() {
			out.Rows = append(out.Rows, Named{row.name, row.Count})
		}
	}
	out.tidy()
	return out
}

// lighterHalf chooses which of n rows stay where only keep may: the pinned and the heaviest, of equals the older. now is the new id of each,
// otherID for those that are given up; the order stays.
func lighterHalf(n, keep int, weight func(uint32) Count) (now []uint32, kept int) {
	order := make([]uint32, 0, n)
	for id := pinned; id < n; id++ {
		order = append(order, uint32(id))
	}
	slices.SortFunc(order, func(a, b uint32) int {
		if h := heavier(weight(a), weight(b)); h != 0 {
			return h
		}
		return cmp.Compare(a, b)
	})
	order = order[:min(len(order), keep)]
	slices.Sort(order)
	now = make([]uint32, n)
	now[absentID] = absentID
	for i, id := range order {
		now[id] = uint32(pinned + i)
	}
	return now, pinned + len(order)
}
