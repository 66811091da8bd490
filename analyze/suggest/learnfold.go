package suggest

import "slices"

// makeRoom folds what is light: a behaviour in a folder goes to the same in the folder above, and from the root to the Other of its rule,
// until what has come together is not light any more. What must be seen is spared as long as it is rare. What stays are the deepest folders
// that hold something (hierarchical heavy hitters), and all volumes stay in total. It returns what k has become, whose texts may have new
// numbers.
func (l *Learner) makeRoom(k key) key {
	exe, dir := l.exes.texts[k.exe], l.dirs.texts[k.dir]
	var total uint64
	for i := range l.entries {
		total += l.entries[i].volume.bytes()
	}
	for light := total / uint64(8*l.o.MaxBehaviours); ; light = 2*light + 1 {
		l.rebuild(l.foldBelow(light))
		roomy := len(l.entries) <= l.o.MaxBehaviours/2 && l.exes.bytes+l.dirs.bytes <= l.o.MaxTextBytes/2
		if roomy || light > total {
			break
		}
	}
	l.last = -1
	k.exe, k.dir = l.exe([]byte(exe)), l.dir([]byte(dir))
	return k
}

// foldBelow folds all behaviours with fewer bytes than light, the deepest folders first. It returns those that are left.
func (l *Learner) foldBelow(light uint64) []*riser {
	f := folding{l: l, light: light, others: map[key]*riser{}}
	spared := l.sparesWanted()
	groups := map[key][]*riser{}
	for i := range l.entries {
		e := &l.entries[i]
		r := &riser{entry: *e, folder: l.dirs.texts[e.dir], under: l.dirOwners[e.dir].below}
		switch {
		case e.keyFlags&keyOther != 0:
			f.toOthers(r)
		case spared && e.keyFlags&keyWanted != 0:
			f.kept = append(f.kept, r)
		default:
			groups[r.withoutFolder()] = append(groups[r.withoutFolder()], r)
		}
	}
	for _, group := range groups {
		slices.SortFunc(group, func(a, b *riser) int { return compareFolders(a.folder, b.folder) })
		f.fold(group)
	}
	for _, r := range f.others {
		f.kept = append(f.kept, r)
	}
	return f.kept
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

// rebuild makes the tables anew of the behaviours that are left, with the texts that they have, and the folders above of which something is
// known.
func (l *Learner) rebuild(kept []*riser) {
	exes, dirs := l.exes, l.dirs
	exeOwners, dirOwners := l.exeOwners, l.dirOwners
	l.exes, l.dirs = newInterner(), newInterner()
	clear(l.index)
	clear(l.entries)
	l.entries = l.entries[:0]
	for _, r := range kept {
		exe := exes.texts[r.exe]
		for _, text := range [...]string{exe, r.folder} {
			for folder := range foldersAbove(text) {
				if id, ok := dirs.ids[folder]; ok && dirOwners[id].own.Seen {
					l.dirs.idOf(folder)
				}
			}
		}
		e := r.entry
		e.exe, e.dir = l.exes.idOf(exe), l.dirs.idOf(r.folder)
		l.index[e.key] = int32(len(l.entries))
		l.entries = append(l.entries, e)
	}
	l.exeOwners = slices.Grow(l.exeOwners[:0:0], len(l.exes.texts))[:len(l.exes.texts)]
	l.dirOwners = slices.Grow(l.dirOwners[:0:0], len(l.dirs.texts))[:len(l.dirs.texts)]
	for id, text := range l.exes.texts {
		l.exeOwners[id] = exeOwners[exes.ids[text]]
	}
	for id, text := range l.dirs.texts {
		if was, ok := dirs.ids[text]; ok {
			l.dirOwners[id].own = dirOwners[was].own
		}
	}
	for n, r := range kept {
		id := l.entries[n].dir
		l.dirOwners[id].below = l.dirOwners[id].below.Worst(r.under)
	}
}
