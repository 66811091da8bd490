package suggest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// Noise is what was learnt. The Learner is empty after it, and must not be used any more.
func (l *Learner) Noise() *Noise {
	n := &Noise{Rules: l.o.Rules, Split: l.o.Split, Folded: l.folded, Undecided: l.undecided.list(), Beyond: l.beyond, Total: l.total}
	n.Behaviours = make([]Behaviour, 0, len(l.entries))
	for i := range l.entries {
		n.Behaviours = append(n.Behaviours, l.parted(&l.entries[i], l.behaviour(&l.entries[i]))...)
	}
	slices.SortFunc(n.Behaviours, compareBehaviours)
	known := map[uint64]string{}
	for _, m := range l.o.Mounts {
		if m.Type == "tracefs" || m.Type == "debugfs" {
			known[uint64(m.DevMajor)<<32|uint64(m.DevMinor)] = m.Type
		}
	}
	n.Filesystems = l.mounts.list(known)
	*l = Learner{doubted: true}
	return n
}

func (l *Learner) behaviour(e *entry) Behaviour {
	b := Behaviour{
		Rule: int(e.rule), Arch: e.arch, Syscall: e.syscall, Exe: l.exes.texts[e.exe], UID: e.uid, EUID: e.euid, AUID: e.auid,
		Outcome: Outcome(e.outcome), Names: Names(e.names), Dir: l.dirs.texts[e.dir], Family: e.family, Errno: e.errno, Access: Access(e.access),
		Deeper: e.keyFlags&keyDeeper != 0, Other: e.keyFlags&keyOther != 0, Wanted: e.keyFlags&keyWanted != 0, Plain: e.keyFlags&keyPlain != 0,
		Learnt: e.volume.Learnt, Tested: e.volume.Tested, Thin: e.thin, Hosts: e.hosts.len(), hosts: e.hosts,
		FileOwner: e.file,
	}
	if e.msg != 0 {
		b.MsgType = names.RecordType(int(e.msg))
	}
	b.ExeOwner = l.exeOwners[e.exe].Worst(l.foldersOwners(b.Exe))
	if b.Dir != "" {
		own := l.dirOwners[e.dir]
		b.DirOwner = own.own.Worst(l.foldersOwners(b.Dir))
		if b.Deeper {
			b.DirOwner = b.DirOwner.Worst(own.below)
		}
	}
	return b
}

// foldersOwners is what is known of the folders above a file.
func (l *Learner) foldersOwners(path string) (o Ownership) {
	for folder := range foldersAbove(path) {
		if id, ok := l.dirs.ids[folder]; ok {
			o = o.Worst(l.dirOwners[id].own)
		}
	}
	return o
}

// compareBehaviours puts the heaviest first, equals by all that they are told by.
func compareBehaviours(a, b Behaviour) int {
	if c := cmp.Compare(b.Learnt.Bytes+b.Tested.Bytes, a.Learnt.Bytes+a.Tested.Bytes); c != 0 {
		return c
	}
	for _, c := range [...]int{
		cmp.Compare(a.Rule, b.Rule), strings.Compare(a.MsgType, b.MsgType), strings.Compare(a.Exe, b.Exe), strings.Compare(a.Dir, b.Dir), strings.Compare(a.File, b.File),
		cmp.Compare(a.Arch, b.Arch), cmp.Compare(a.Syscall, b.Syscall), cmp.Compare(a.UID, b.UID), cmp.Compare(a.EUID, b.EUID),
		cmp.Compare(a.AUID, b.AUID), cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Errno, b.Errno), cmp.Compare(a.Names, b.Names),
		cmp.Compare(a.Family, b.Family), cmp.Compare(a.Access, b.Access), compareBool(a.Deeper, b.Deeper), compareBool(a.Other, b.Other),
		compareBool(a.Wanted, b.Wanted), compareBool(a.Plain, b.Plain),
	} {
		if c != 0 {
			return c
		}
	}
	return 0
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
