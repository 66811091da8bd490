package analyze

import "bytes"

// recentRows remembers where in the tables of a Tally the last rows were counted: most events are of a process, a call and a rule that
// another one was of shortly before.
type recentRows struct{ rows [recentRowsHeld]rowPlaces }

const recentRowsHeld = 2048

// rowPlaces are the ids of a row in the tables of a Tally.
type rowPlaces struct {
	like                                   uint64 // of the row, its rule and its host
	exe, syscall, user, session, key, cell uint32 // key is otherID where there are several
}

// forget is called where ids are no longer what they were.
func (r *recentRows) forget() { r.rows = [recentRowsHeld]rowPlaces{} }

// placesOf finds a row in the tables, and makes what is not there.
func (t *Tally) placesOf(r *Row, key cellKey, host uint32, exe []byte) rowPlaces {
	if r.who == 0 {
		return t.findPlaces(r, key, host, exe)
	}
	like := fold(fold(r.who^uint64(host)<<32^uint64(uint32(key.rule)))^uint64(key.origin)) | 1
	known := &t.recent.rows[like>>32%recentRowsHeld]
	if known.like != like {
		at := t.findPlaces(r, key, host, exe) // which may have others forgotten
		at.like = like
		*known = at
	}
	return *known
}

func (t *Tally) findPlaces(r *Row, key cellKey, host uint32, exe []byte) (at rowPlaces) {
	key.exe = t.exes.id(exe)
	key.syscall = t.syscall(r)
	key.user = t.user(r)
	at.session = t.session(r, host)
	if text := t.textOf(r, HasKey, r.Key, &t.key); bytes.IndexByte(text, 1) < 0 {
		at.key = t.keys.id(text)
	}
	at.exe, at.syscall, at.user, at.cell = key.exe, key.syscall, key.user, t.cells.cell(key)
	return at
}
