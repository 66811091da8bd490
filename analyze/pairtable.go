package analyze

import (
	"math/bits"
	"math/rand/v2"
)

// pair is what a row of a pairTable is found by: two numbers, or ids of other tables.
type pair [2]uint64

// pairTable counts by two numbers, in bounded memory, as a nameTable does by name.
type pairTable struct {
	index index
	rows  []pairRow
	limit int
	cut   uint64
	moved func(now []uint32)
	seed  pair
}

type pairRow struct {
	key pair
	Count
}

func newPairTable(limit int, moved func([]uint32)) *pairTable {
	t := &pairTable{limit: limit, moved: moved, seed: pair{rand.Uint64(), rand.Uint64()}}
	t.reset()
	return t
}

// reset empties the table. Of the two rows that are always there, neither is found by a key.
func (t *pairTable) reset() {
	t.rows = append(t.rows[:0], pairRow{}, pairRow{})
	t.index.fill(t.hashOf, pinned, pinned)
}

// hash is seeded: whoever is audited cannot choose numbers that collide.
func (t *pairTable) hash(k pair) uint64 {
	return fold(fold(k[0]^t.seed[0])^k[1]) ^ t.seed[1]
}

// fold spreads every bit of x over all others.
func fold(x uint64) uint64 {
	hi, lo := bits.Mul64(x, 0x9e3779b97f4a7c15)
	return hi ^ lo
}

func (t *pairTable) hashOf(id uint32) uint64 { return t.hash(t.rows[id].key) }
func (t *pairTable) add(id uint32, n Count)  { t.rows[id].Count.add(n) }
func (t *pairTable) weight(id uint32) Count  { return t.rows[id].Count }

// find is the id of a key, 0 where it has none.
func (t *pairTable) find(key pair) uint32 {
	for at := t.index.start(t.hash(key)); ; at = t.index.next(at) {
		id := t.index.ids[at]
		if id == 0 || t.rows[id].key == key {
			return id
		}
	}
}

// id is the id of a key, a new one where it has not been seen.
func (t *pairTable) id(key pair) (id uint32, isNew bool) {
	if id := t.find(key); id != 0 {
		return id, false
	}
	if len(t.rows) >= t.limit {
		t.makeRoom()
	}
	return t.insert(key), true
}

// insert enters a key that is not there, whatever the limit.
func (t *pairTable) insert(key pair) uint32 {
	id := uint32(len(t.rows))
	t.rows = append(t.rows, pairRow{key: key})
	if 2*len(t.rows) > len(t.index.ids) {
		t.index.fill(t.hashOf, pinned, len(t.rows))
	} else {
		t.index.put(t.hash(key), id)
	}
	return id
}

// makeRoom gives up the lighter half.
func (t *pairTable) makeRoom() {
	now, kept := lighterHalf(len(t.rows), t.limit/2, t.weight)
	for id := range t.rows {
		if now[id] == otherID && id != int(otherID) {
			t.rows[otherID].Count.add(t.rows[id].Count)
			t.cut++
			continue
		}
		t.rows[now[id]] = t.rows[id]
	}
	t.rows = t.rows[:kept]
	t.index.fill(t.hashOf, pinned, kept)
	if t.moved != nil {
		t.moved(now)
	}
}
