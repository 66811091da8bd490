package suggest

import (
	"bytes"
	"slices"
)

// makeRoom folds what is light: a behaviour in a folder goes to the same in the folder above, and from the root to the Other of its rule, until
// what has come together is not light any more. What must be seen is spared as long as it is rare. What stays are the deepest folders that hold something (hierarchical heavy hitters), and all
// volumes stay in total. It returns what k has become, whose texts may have new numbers.
func (l *Learner) makeRoom(k key) key {
	exe, dir := l.exes.texts[k.exe], l.dirs.texts[k.dir]
	var total uint64
	for i := range l.entries {
		total += l.entries[i].volume.bytes()
	}
	for light := total / uint64(8*l.o.MaxBehaviours); ; light = 2*light + 1 {
		l.foldBelow(light)
		l.renumber()
		roomy := len(l.entries) <= l.o.MaxBehaviours/2 && l.exes.bytes+l.dirs.bytes <= l.o.MaxTextBytes/2
		if roomy || light > total {
			break
		}
	}
	l.last = -1
	k.exe, k.dir = l.exe([]byte(exe)), l.dir([]byte(dir))
	return k
}

// foldBelow folds all behaviours with fewer bytes than light, the deepest folders first.
func (l *Learner) foldBelow(light uint64) {
	byDepth := [][]int32{}
	for i := range l.entries {
		byDepth = put(byDepth, l.depth(l.entries[i].dir), int32(i))
	}
	spared := l.sparesWanted()
	gone := make([]bool, len(l.entries), 2*len(l.entries))
	for depth := len(byDepth) - 1; depth >= 0; depth-- {
		for n := 0; n < len(byDepth[depth]); n++ {
			i := byDepth[depth][n]
			e := &l.entries[i]
			if e.volume.bytes() >= light || e.keyFlags&keyOther != 0 || spared && e.keyFlags&keyWanted != 0 {
				continue
			}
			to := l.above(e.key)
			gone[i] = true
			at, ok := l.index[to]
			if !ok {
				at = int32(len(l.entries))
				l.entries = append(l.entries, entry{key: to})
				gone = append(gone, false)
				l.index[to] = at
				if to.keyFlags&keyOther == 0 {
					byDepth = put(byDepth, l.depth(to.dir), at)
				}
			}
			l.join(at, i)
		}
	}
	l.drop(gone)
}

// sparesWanted tells whether what must be seen stays as it is, which is as rare as it is light. Where it is not rare, somebody floods with it.
func (l *Learner) sparesWanted() bool {
	behaviours, bytes := 0, 0
	for i := range l.entries {
		if e := &l.entries[i]; e.keyFlags&keyWanted != 0 {
			behaviours++
			bytes += len(l.exes.texts[e.exe]) + len(l.dirs.texts[e.dir])
		}
	}
	return behaviours <= l.o.MaxBehaviours/4 && bytes <= l.o.MaxTextBytes/4
}

func put(lists [][]int32, n int, i int32) [][]int32 {
	for len(lists) <= n {
		lists = append(lists, nil)
	}
	lists[n] = append(lists[n], i)
	return lists
}

// depth is how many folders deep a folder is: 0 for none, 1 for the root.
func (l *Learner) depth(dir uint32) int {
	text := l.dirs.texts[dir]
	if len(text) <= 1 {
		return len(text)
	}
	return 1 + bytes.Count([]byte(text), []byte("/"))
}

// above is the behaviour that another is folded into.
func (l *Learner) above(k key) key {
	text := l.dirs.texts[k.dir]
	if len(text) > 1 {
		parent := l.dir(parentOf([]byte(text)))
		l.dirOwners[parent].below = l.dirOwners[parent].below.Worst(l.dirOwners[k.dir].own).Worst(l.dirOwners[k.dir].below)
		k.dir = parent
		k.keyFlags |= keyDeeper
		return k
	}
	return key{rule: k.rule, msg: k.msg, keyFlags: k.keyFlags&keyWanted | keyOther}
}

// join adds an entry to another.
func (l *Learner) join(to, from int32) {
	t, f := &l.entries[to], &l.entries[from]
	t.volume.join(f.volume)
	for n := range t.thin {
		t.thin[n].join(f.thin[n])
	}
	t.file = t.file.Worst(f.file)
	t.hosts.join(f.hosts)
	if f.files != nil {
		f.files = nil
		l.follows--
	}
	l.folded++
}

// drop removes entries. The index is wrong after it.
func (l *Learner) drop(gone []bool) {
	n := 0
	for i := range l.entries {
		if !gone[i] {
			l.entries[n] = l.entries[i]
			n++
		}
	}
	clear(l.entries[n:])
	l.entries = l.entries[:n]
}

// renumber drops the texts that no behaviour has any more and that say nothing of a folder above one, and makes the index anew.
func (l *Learner) renumber() {
	exes, dirs := l.exes, l.dirs
	exeOwners, dirOwners := l.exeOwners, l.dirOwners
	l.exes, l.dirs = newInterner(), newInterner()
	l.exeOwners, l.dirOwners = make([]Ownership, 1), make([]owners, 1)
	clear(l.index)
	for i := range l.entries {
		e := &l.entries[i]
		exe, dir := exes.texts[e.exe], dirs.texts[e.dir]
		e.exe, e.dir = l.exes.idOf(exe), l.dirs.idOf(dir)
		l.index[e.key] = int32(i)
		for _, text := range [...]string{exe, dir} {
			for folder := range foldersAbove(text) {
				if id, ok := dirs.ids[folder]; ok && dirOwners[id].own.Seen {
					l.dirs.idOf(folder)
				}
			}
		}
	}
	l.exeOwners = slices.Grow(l.exeOwners, len(l.exes.texts))[:len(l.exes.texts)]
	l.dirOwners = slices.Grow(l.dirOwners, len(l.dirs.texts))[:len(l.dirs.texts)]
	for id, text := range l.exes.texts {
		l.exeOwners[id] = exeOwners[exes.ids[text]]
	}
	for id, text := range l.dirs.texts {
		l.dirOwners[id] = dirOwners[dirs.ids[text]]
	}
}
