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
	key    fileKey
	raws   [2]uint64 // the last two ways in which events spelled it, so that what is known already costs one look
	names  int32     // its names, a list through name.next; none is none
	ghost  int32     // the name that it had last, where that went away or leads elsewhere, and no other is known
	gone   bool      // the ghost went away
	seq    uint32    // of the last event that named it: a directory that was moved later has taken it along
	first  int32     // the first name that it ever had here
	epoch  uint32    // of Facts when abouts were worked out
	abouts [2]bool   // by raws: facts say more of it than an event that spells it so
	life   uint32    // how often its number was seen to be used anew
}

// spelled is which of raws a spelling is, -1 where it is none.
func (f *file) spelled(raw uint64) int {
	switch raw {
	case f.raws[0]:
		return 0
	case f.raws[1]:
		return 1
	}
	return -1
}

// name is one full name that an inode has had.
type name struct {
	hash uint64
	lo   uint32
	n    uint16
	made bool // it came into being under this name, in this log
	// doubt: the inode has been seen under another name since, and not under this one again. It may be a link, or the number of a file that
	// went away unseen.
	doubt bool
	own   bool  // seen by a call that follows no symlink at the end of a name: it is the inode's own, not that of a link to it
	file  int32 // whose it is; none where it went away
	next  int32
}

const none int32 = -1

// Bounds of what is remembered: about 65,536 × (files, names and their index, 150 bytes) + 4 MiB, 14 MiB in all.
const (
	maxFiles = 1 << 16
	maxText  = 4 << 20
	maxName  = math.MaxUint16
)

// files remembers inodes and their names: those used last, in bounded memory.
type files struct {
	list   []file
	names  []name
	text   []byte // of the names, in their order
	byKey  map[fileKey]int32
	byName map[uint64]int32
	seed   maphash.Seed
}

func newFiles() *files {
	return &files{byKey: map[fileKey]int32{}, byName: map[uint64]int32{}, seed: maphash.MakeSeed()}
}

func (fs *files) nameText(n int32) []byte {
	nm := &fs.names[n]
	return fs.text[nm.lo : nm.lo+uint32(nm.n)]
}

// makeRoom makes sure that there is room for one more file and a name. Indices from before are void afterwards.
func (fs *files) makeRoom() {
	if len(fs.list) >= maxFiles || len(fs.names) >= maxFiles || len(fs.text) >= maxText {
		fs.halve()
	}
}

// find is the index of a file, none where it is not known.
func (fs *files) find(key fileKey) int32 {
	if n, ok := fs.byKey[key]; ok {
		return n
	}
	return none
}

// add makes a file without names.
func (fs *files) add(key fileKey) int32 {
	n := int32(len(fs.list))
	fs.list = append(fs.list, file{key: key, names: none, ghost: none, first: none})
	fs.byKey[key] = n
	return n
}

func (fs *files) addText(hash uint64, text []byte) int32 {
	n := int32(len(fs.names))
	fs.names = append(fs.names, name{hash: hash, lo: uint32(len(fs.text)), n: uint16(len(text)), file: none, next: none})
	fs.text = append(fs.text, text...)
	return n
}

// hash is the hash of a full name on a host.
func (fs *files) hash(host uint32, full []byte) uint64 {
	return maphash.Bytes(fs.seed, full) ^ uint64(host)*0x9e3779b97f4a7c15
}

// named is the index of the name that some file has now, none where no file has it.
func (fs *files) named(hash uint64, full []byte) int32 {
	if n, ok := fs.byName[hash]; ok && fs.names[n].file != none && string(fs.nameText(n)) == string(full) {
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
		nm := &fs.names[n]
		if nm.file == at {
			fresh = own && !nm.own || nm.doubt
			nm.own, nm.doubt = nm.own || own, false
			return n, fresh
		}
		fs.detach(n, false)
		fs.replaced(at, full)
	}
	n = fs.addText(hash, full)
	nm, f := &fs.names[n], &fs.list[at]
	nm.own, nm.file, nm.next = own, at, f.names
	if f.names == none && f.ghost != none && f.gone {
		f.life, f.ghost = f.life+1, none
	}
	f.names = n
	if f.first == none {
		f.first = n
	}
	fs.byName[hash] = n
	fs.trim(at)
	return n, true
}

// doubtOthers doubts the names of a file that do not end as its newest does.
func (fs *files) doubtOthers(at, newest int32) {
	_, base := split(fs.nameText(newest))
	for m := fs.list[at].names; m != none; m = fs.names[m].next {
		if _, other := split(fs.nameText(m)); string(other) != string(base) {
			fs.names[m].doubt = true
			fs.list[at].raws = [2]uint64{}
		}
	}
}

// replaced takes away from a file the name that it was made under in the same directory, where full is a name that another file had so
// far: it was renamed over that, by a call that is not in the log.
func (fs *files) replaced(at int32, full []byte) {
	dir, _ := split(full)
	for m := fs.list[at].names; m != none; {
		next := fs.names[m].next
		if other, _ := split(fs.nameText(m)); fs.names[m].made && string(other) == string(dir) {
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
	for m := fs.list[at].names; m != none; m = fs.names[m].next {
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
	nm := &fs.names[n]
	f := &fs.list[nm.file]
	for p := &f.names; *p != none; p = &fs.names[*p].next {
		if *p == n {
			*p = nm.next
			break
		}
	}
	f.epoch = 0
	if f.names == none {
		f.ghost, f.gone = n, gone
	}
	nm.file, nm.next = none, none
	if fs.byName[nm.hash] == n {
		delete(fs.byName, nm.hash)
	}
}

// forget takes all names away from a file: its number is used anew.
func (fs *files) forget(at int32) {
	for fs.list[at].names != none {
		fs.detach(fs.list[at].names, true)
	}
	fs.list[at].ghost = none
	fs.list[at].life++
}
