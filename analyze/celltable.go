package analyze

// cellTable counts by origin, rule, program, syscall, user and record type, in bounded memory. A cell is found by all but the type; its
// types, which are few, hang on it as a list.
type cellTable struct {
	cells   *pairTable
	first   []uint32 // by cell: its first type, 0 for none
	types   []cellType
	spare   []cellType // memory of the table before the last rebuild
	maxType int
	moved   func() // called when ids are no longer what they were
}

type cellType struct {
	Count
	event uint64 // the last one counted
	next  uint32
	typ   uint16 // type slot of the Tally; otherSlot for what had no room
}

const (
	maxCells     = 8192 // beside two for each rule, so that the rules always have theirs
	maxCellTypes = 32768
	typesPerCell = 64
)

func newCellTable(limit, maxTypes int, moved func()) *cellTable {
	t := &cellTable{maxType: maxTypes, moved: moved}
	t.cells = newPairTable(limit, nil)
	t.clear()
	return t
}

func (t *cellTable) clear() {
	t.first = append(t.first[:0], 0, 0)
	t.types = append(t.types[:0], cellType{})
}

// cellKey names a cell by ids of the Tally's tables.
type cellKey struct {
	origin             Origin
	rule               int // NoRule, or up to 1<<31-2
	exe, syscall, user uint32
}

func (k cellKey) pair() pair {
	return pair{uint64(k.origin)<<32 | uint64(uint32(k.rule+1)), uint64(k.exe)<<40 | uint64(k.syscall)<<20 | uint64(k.user)}
}

func keyOf(p pair) cellKey {
	return cellKey{Origin(p[0] >> 32), int(uint32(p[0])) - 1, uint32(p[1] >> 40), uint32(p[1]>>20) & 0xfffff, uint32(p[1]) & 0xfffff}
}

// cell is the id of a cell, made where it is not there.
func (t *cellTable) cell(k cellKey) uint32 {
	key := k.pair()
	if id := t.cells.find(key); id != 0 {
		return id
	}
	if len(t.cells.rows) >= t.cells.limit {
		t.makeRoom()
		if id := t.cells.find(key); id != 0 {
			return id
		}
	}
	t.first = append(t.first, 0)
	return t.cells.insert(key)
}

// addType counts a record of an event in a cell. It returns the place of its type, where the search for that of the next one begins.
func (t *cellTable) addType(cell uint32, after uint32, typ uint16, event uint64, bytes uint64) (at uint32) {
	at = t.typeNear(cell, after, typ)
	c := &t.types[at]
	if c.event != event {
		c.event = event
		c.Events++
	}
	c.Records++
	c.Bytes += bytes
	return at
}

// typeNear is typeAt where the type may be the one at a place of the list, or the one behind it: events of a cell have their records in one
// order. The place 0 is none.
func (t *cellTable) typeNear(cell, at uint32, typ uint16) uint32 {
	for range 2 {
		if at == 0 {
			break
		}
		if t.types[at].typ == typ {
			return at
		}
		at = t.types[at].next
	}
	return t.typeAt(cell, typ)
}

// typeAt is the place of a type in the cell's list, of otherSlot where there is no room for one more.
func (t *cellTable) typeAt(cell uint32, typ uint16) uint32 {
	n, last := 0, uint32(0)
	for at := t.first[cell]; at != 0; at = t.types[at].next {
		if t.types[at].typ == typ {
			return at
		}
		n, last = n+1, at
	}
	if typ != otherSlot && (n >= typesPerCell || len(t.types) >= t.maxType) {
		return t.typeAt(cell, otherSlot)
	}
	at := uint32(len(t.types))
	t.types = append(t.types, cellType{typ: typ})
	if last == 0 {
		t.first[cell] = at
	} else {
		t.types[last].next = at
	}
	return at
}

// makeRoom keeps the heaviest half. Of the others origin, rule and types stay.
func (t *cellTable) makeRoom() {
	now, _ := lighterHalf(len(t.cells.rows), t.cells.limit/2, t.cells.weight)
	t.rebuild(func(id uint32, k cellKey) cellKey {
		if now[id] == otherID {
			t.cells.cut++
			return cellKey{origin: k.origin, rule: k.rule}
		}
		return k
	})
}

// rebuild gives every cell a new key; cells with equal keys become one.
func (t *cellTable) rebuild(rekey func(id uint32, k cellKey) cellKey) {
	t.moved()
	old, oldFirst, oldTypes := t.cells.rows, t.first, t.types
	t.cells.rows, t.first, t.types = nil, nil, t.spare
	t.spare = oldTypes
	t.cells.reset()
	t.clear()
	for id := pinned; id < len(old); id++ {
		key := rekey(uint32(id), keyOf(old[id].key)).pair()
		to := t.cells.find(key)
		if to == 0 {
			t.first = append(t.first, 0)
			to = t.cells.insert(key)
		}
		t.cells.add(to, old[id].Count)
		for at := oldFirst[id]; at != 0; at = oldTypes[at].next {
			c := &t.types[t.typeAt(to, oldTypes[at].typ)]
			c.Count.add(oldTypes[at].Count)
			c.event = max(c.event, oldTypes[at].event)
		}
	}
}
