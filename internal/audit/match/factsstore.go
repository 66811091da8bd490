package match

import (
	"hash/maphash"
	"math"
)

// fileKey is an inode of a host.
type fileKey struct {
	inode uint64
	dev   uint32 // major<<20 | minor
	host  uint32 // index of the node
}

// file is what is remembered of one inode.
type file struct {
	key   fileKey
	raws  [2]uint64 // the last two ways in which events spelled it, so that what is known already costs one look
	names int32     // its names, a list through name.next; none is none
	ghost int32     // the name that it had last, where that went away or leads elsewhere, and no other is known
	gone  bool      // the ghost went away
	seq   uint32    // of the last event that named it: a directory that was moved later has taken it along
	first int32     // the first name that it ever had here
	epoch uint32    // of Facts when about was worked out
	about bool      // facts say more of it than an event that names it
	life  uint32    // how often its number was seen to be used anew
}

// name is one full name that an inode has had.
type name struct {
	hash uint64
	lo   uint32
	n    uint16
	made bool  // it came into being under this name, in this log
	own  bool  // seen by a call that follows no symlink at the end of a name: it is the inode's own, not that of a link to it
	file int32 // whose it is; none where it went away
	next int32
}

const none int32 = -1

// Bounds of one half of the memory: 2 × (32,768 × (names, files and their index, about 150 bytes) + 2 MiB) is 14 MiB.
const (
	halfNames = 1 << 15
	halfText  = 2 << 20
	maxName   = math.MaxUint16
)

// half is one half of what is remembered.
type half struct {
	files  []file
	names  []name
	text   []byte
	byKey  map[fileKey]int32
	byName map[uint64]int32
}

func newHalf() *half { return &half{byKey: map[fileKey]int32{}, byName: map[uint64]int32{}} }

func (h *half) empty() {
	h.files, h.names, h.text = h.files[:0], h.names[:0], h.text[:0]
	clear(h.byKey)
	clear(h.byName)
}

func (h *half) full() bool {
	return len(h.files) >= halfNames || len(h.names) >= halfNames || len(h.text) >= halfText
}

func (h *half) nameText(n int32) []byte {
	nm := &h.names[n]
	return h.text[nm.lo : nm.lo+uint32(nm.n)]
}

// files remembers inodes and their names: those used last, in bounded memory. Files live in the young half. When that is full it
// becomes the old one, from which a file that is used again comes back, and what the old one still holds is forgotten.
type files struct {
	young, old *half
	seed       maphash.Seed
}

func newFiles() *files { return &files{young: newHalf(), old: newHalf(), seed: maphash.MakeSeed()} }

// makeRoom makes sure that the young half takes one more event's worth. Indices from before are void afterwards.
func (fs *files) makeRoom() {
	if fs.young.full() {
		fs.young, fs.old = fs.old, fs.young
		fs.young.empty()
	}
}

// find is the index of a file in the young half, none where it is not known.
func (fs *files) find(key fileKey) int32 {
	if n, ok := fs.young.byKey[key]; ok {
		return n
	}
	if n, ok := fs.old.byKey[key]; ok {
		return fs.promote(n)
	}
	return none
}

// promote brings file n of the old half back.
func (fs *files) promote(n int32) int32 {
	src := &fs.old.files[n]
	delete(fs.old.byKey, src.key)
	at := fs.add(src.key)
	names, ghost, first := none, none, none
	for m := src.names; m != none; m = fs.old.names[m].next {
		names = fs.copyName(m, at, names)
		if m == src.first {
			first = names
		}
	}
	if src.ghost != none {
		ghost = fs.copyName(src.ghost, none, none)
	}
	if first == none && src.first != none {
		first = fs.copyName(src.first, none, none)
	}
	f := &fs.young.files[at]
	*f = *src
	f.names, f.ghost, f.first = names, ghost, first
	return at
}

// copyName brings name m of the old half back, for file at, before the name next.
func (fs *files) copyName(m, at, next int32) int32 {
	old := fs.old.names[m]
	n := fs.addText(old.hash, fs.old.nameText(m))
	nm := &fs.young.names[n]
	nm.made, nm.own, nm.file, nm.next = old.made, old.own, at, next
	if at != none {
		fs.young.byName[old.hash] = n
		if fs.old.byName[old.hash] == m {
			delete(fs.old.byName, old.hash)
		}
	}
	return n
}

// add makes a file without names.
func (fs *files) add(key fileKey) int32 {
	n := int32(len(fs.young.files))
	fs.young.files = append(fs.young.files, file{key: key, names: none, ghost: none, first: none})
	fs.young.byKey[key] = n
	return n
}

func (fs *files) addText(hash uint64, text []byte) int32 {
	h := fs.young
	n := int32(len(h.names))
	h.names = append(h.names, name{hash: hash, lo: uint32(len(h.text)), n: uint16(len(text)), file: none, next: none})
	h.text = append(h.text, text...)
	return n
}

// hash is the hash of a full name on a host.
func (fs *files) hash(host uint32, full []byte) uint64 {
	return maphash.Bytes(fs.seed, full) ^ uint64(host)*0x9e3779b97f4a7c15
}

// named is the index of the name in the young half that some file has now, none where no file has it.
func (fs *files) named(hash uint64, full []byte) int32 {
	if n, ok := fs.young.byName[hash]; ok {
		if fs.young.names[n].file != none && string(fs.young.nameText(n)) == string(full) {
			return n
		}
		return none
	}
	n, ok := fs.old.byName[hash]
	if !ok || fs.old.names[n].file == none || string(fs.old.nameText(n)) != string(full) {
		return none
	}
	owner := fs.old.files[fs.old.names[n].file].key
	if _, ok := fs.young.byKey[owner]; ok { // the file has come back without this name
		return none
	}
	fs.promote(fs.old.names[n].file)
	if n, ok := fs.young.byName[hash]; ok {
		return n
	}
	return none
}

// attach gives a file a name, and takes it away from the file that had it. It reports whether the file did not have it before.
func (fs *files) attach(at int32, hash uint64, full []byte, own bool) (n int32, fresh bool) {
	if len(full) > maxName {
		return none, false
	}
	if n = fs.named(hash, full); n != none {
		nm := &fs.young.names[n]
		if nm.file == at {
			fresh = own && !nm.own
			nm.own = nm.own || own
			return n, fresh
		}
		fs.detach(n, false)
		fs.replaced(at, full)
	}
	n = fs.addText(hash, full)
	nm, f := &fs.young.names[n], &fs.young.files[at]
	nm.own, nm.file, nm.next = own, at, f.names
	if f.names == none && f.ghost != none && f.gone {
		f.life, f.ghost = f.life+1, none
	}
	f.names = n
	if f.first == none {
		f.first = n
	}
	fs.young.byName[hash] = n
	fs.trim(at)
	return n, true
}

// replaced takes away from a file the name that it was made under in the same directory, where full is a name that another file had so
// far: it was renamed over that, by a call that is not in the log.
func (fs *files) replaced(at int32, full []byte) {
	dir, _ := split(full)
	for m := fs.young.files[at].names; m != none; {
		next := fs.young.names[m].next
		if other, _ := split(fs.young.nameText(m)); fs.young.names[m].made && string(other) == string(dir) {
			fs.detach(m, true)
		}
		m = next
	}
}

// maxAliases bounds the names of one file: a thousand hard links tell no more than the last few.
const maxAliases = 6

// trim forgets the oldest name of a file that has too many.
func (fs *files) trim(at int32) {
	count, last := 0, none
	for m := fs.young.files[at].names; m != none; m = fs.young.names[m].next {
		count++
		last = m
	}
	if count > maxAliases {
		fs.detach(last, false)
	}
}

// detach takes a name away from its file: it is gone, or leads to another. Where it was the only one it is kept as a ghost: an open file
// still is where it was.
func (fs *files) detach(n int32, gone bool) {
	nm := &fs.young.names[n]
	f := &fs.young.files[nm.file]
	for p := &f.names; *p != none; p = &fs.young.names[*p].next {
		if *p == n {
			*p = nm.next
			break
		}
	}
	f.about = false
	f.epoch = 0
	if f.names == none {
		f.ghost, f.gone = n, gone
	}
	nm.file, nm.next = none, none
	if fs.young.byName[nm.hash] == n {
		delete(fs.young.byName, nm.hash)
	}
}

// forget takes all names away from a file: its number is used anew.
func (fs *files) forget(at int32) {
	for fs.young.files[at].names != none {
		fs.detach(fs.young.files[at].names, true)
	}
	fs.young.files[at].ghost = none
	fs.young.files[at].life++
}
