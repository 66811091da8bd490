package event

import (
	"hash/maphash"
	"math"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// Most lines of a log end like one shortly before: a process has the same ids and names in all of its calls, a file the same inode in all
// records of it. Memo remembers what such ends said, so that they are not taken apart again. What is found is what would have been read:
// texts are told apart by 64 bits of a hash that is seeded anew in each run, so that nobody can write a log to make two of them equal.

// Sizes of a Memo, in ends of lines: together about 500 KiB, which a processor's cache holds.
const (
	memoCalls = 512
	memoNames = 2048
)

// Memo is for one goroutine.
type Memo struct {
	calls [memoCalls]whoSaid
	names [memoNames]nameSaid
}

// NewMemo returns a Memo of nothing.
func NewMemo() *Memo { return new(Memo) }

// Read is c.Read(ev), with sums of what was read.
func (m *Memo) Read(c *Call, ev *Event) bool { return c.read(ev, m) }

// seed is one for all: sums of several Memos are to be compared.
var seed = maphash.MakeSeed()

// sum stands for a text; it is never 0 but without a Memo.
func (m *Memo) sum(text []byte) uint64 {
	if m == nil {
		return 0
	}
	return maphash.Bytes(seed, text) | 1
}

// place is where a value lies in a text. The zero place is that of a value that is not there.
type place struct {
	lo, hi uint16
	quote  byte
}

// placeOf is the place of a value that is a part of a text: what lies behind its beginning has room behind it too.
func placeOf(text []byte, v record.Value) place {
	if v.Text == nil {
		return place{}
	}
	lo := cap(text) - cap(v.Text)
	return place{uint16(lo), uint16(lo + len(v.Text)), v.Quote}
}

func (p place) in(text []byte) record.Value {
	if p == (place{}) {
		return record.Value{}
	}
	return record.Value{Text: text[p.lo:p.hi], Quote: p.quote}
}

// fits tells whether a text is short enough for places.
func fits(text []byte) bool { return len(text) <= math.MaxUint16 }

// whoSaid is what the second half of a main record said.
type whoSaid struct {
	sum                               uint64
	has                               Has
	auid, uid, gid, euid, suid, fsuid uint32
	egid, sgid, fsgid, ses            uint32
	tty, comm, exe, subj, key         place
}

// who reads the second half of a main record, as Call.readWho does, and reports whether all of it could be read.
func (m *Memo) who(c *Call, text []byte) bool {
	sum := m.sum(text)
	said := &m.calls[sum>>32%memoCalls]
	if said.sum != sum {
		first := c.Has
		c.Has = 0
		if c.readWho(text, 0) != len(text) || !fits(text) {
			return false
		}
		said.note(c, text, sum)
		c.Has |= first
	} else {
		said.tell(c, text)
	}
	c.WhoSum = sum
	return true
}

func (s *whoSaid) note(c *Call, text []byte, sum uint64) {
	*s = whoSaid{
		sum: sum, has: c.Has,
		auid: c.AUID, uid: c.UID, gid: c.GID, euid: c.EUID, suid: c.SUID, fsuid: c.FSUID, egid: c.EGID, sgid: c.SGID, fsgid: c.FSGID, ses: c.Ses,
		tty: placeOf(text, c.TTY), comm: placeOf(text, c.Comm), exe: placeOf(text, c.Exe), subj: placeOf(text, c.Subj), key: placeOf(text, c.Key),
	}
}

func (s *whoSaid) tell(c *Call, text []byte) {
	c.Has |= s.has
	c.AUID, c.UID, c.GID, c.EUID, c.SUID, c.FSUID, c.EGID, c.SGID, c.FSGID, c.Ses = s.auid, s.uid, s.gid, s.euid, s.suid, s.fsuid, s.egid, s.sgid, s.fsgid, s.ses
	c.TTY, c.Comm, c.Exe, c.Subj, c.Key = s.tty.in(text), s.comm.in(text), s.exe.in(text), s.subj.in(text), s.key.in(text)
}

// nameSaid is what a PATH record said but for its item=.
type nameSaid struct {
	Name      // without values
	name, obj place
}

// file reads all fields of a PATH record but the first, as Name.readFile does, and reports whether all of it could be read.
func (m *Memo) file(n *Name, text []byte) bool {
	sum := m.sum(text)
	said := &m.names[sum>>32%memoNames]
	item := n.Item
	if said.Sum == sum {
		*n = said.Name
		n.Item, n.Name, n.Obj = item, said.name.in(text), said.obj.in(text)
		return true
	}
	if !n.readFile(text, 0) || !fits(text) {
		return false
	}
	n.Sum = sum
	*said = nameSaid{*n, placeOf(text, n.Name), placeOf(text, n.Obj)}
	said.Name.Name, said.Name.Obj = record.Value{}, record.Value{}
	return true
}
