package analyze

// index finds ids by hash: open addressing, at most half full. An id of 0 is a free place.
type index struct {
	ids []uint32 // a power of two of them
}

func (x *index) start(hash uint64) uint64 { return hash & uint64(len(x.ids)-1) }
func (x *index) next(at uint64) uint64    { return (at + 1) & uint64(len(x.ids)-1) }

// put enters an id that is not there yet.
func (x *index) put(hash uint64, id uint32) {
	at := x.start(hash)
	for x.ids[at] != 0 {
		at = x.next(at)
	}
	x.ids[at] = id
}

// grow makes room for n ids: where the index would be more than half full it is made anew, from the ids before the last.
func (x *index) grow(hashOf func(uint32) uint64, n int) {
	if 2*n > len(x.ids) {
		x.fill(hashOf, absentID, n-1)
	}
}

// fill makes the index anew, of the ids from first to n-1.
func (x *index) fill(hashOf func(uint32) uint64, first uint32, n int) {
	size := 64
	for size < 4*n {
		size *= 2
	}
	if size == len(x.ids) {
		clear(x.ids)
	} else {
		x.ids = make([]uint32, size)
	}
	for id := first; int(id) < n; id++ {
		x.put(hashOf(id), id)
	}
}
