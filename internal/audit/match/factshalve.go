package match

import "slices"

// halve forgets the half of the files that no event has named for longest, and all names that no file has any more.
func (fs *files) halve() {
	oldest := fs.median()
	fileAt := make([]int32, len(fs.list)) // where each file goes, none for what is forgotten
	nameAt := make([]int32, len(fs.names))
	for n := range nameAt {
		nameAt[n] = none
	}
	const kept = 0
	for n := range fs.list {
		f := &fs.list[n]
		if fileAt[n] = none; f.seq <= oldest {
			continue
		}
		fileAt[n] = kept
		for m := f.names; m != none; m = fs.names[m].next {
			nameAt[m] = kept
		}
		for _, m := range [...]int32{f.ghost, f.first} {
			if m != none {
				nameAt[m] = kept
			}
		}
	}
	fs.moveNames(nameAt)
	fs.moveFiles(fileAt, nameAt)
	for n := range fs.names {
		nm := &fs.names[n]
		nm.file, nm.next = moved(fileAt, nm.file), moved(nameAt, nm.next)
	}
	fs.index()
}

// median is the seq that half of the files are not younger than.
func (fs *files) median() uint32 {
	seqs := make([]uint32, len(fs.list))
	for n := range fs.list {
		seqs[n] = fs.list[n].seq
	}
	slices.Sort(seqs)
	return seqs[len(seqs)/2]
}

// moveNames closes the gaps that forgotten names leave, and notes where each name has gone.
func (fs *files) moveNames(nameAt []int32) {
	count, end := 0, uint32(0)
	for n := range fs.names {
		if nameAt[n] == none {
			continue
		}
		nm := fs.names[n]
		copy(fs.text[end:], fs.text[nm.lo:nm.lo+uint32(nm.n)])
		nm.lo = end
		end += uint32(nm.n)
		fs.names[count], nameAt[n] = nm, int32(count)
		count++
	}
	fs.names, fs.text = fs.names[:count], fs.text[:end]
}

// moveFiles does the same with the files.
func (fs *files) moveFiles(fileAt, nameAt []int32) {
	count := 0
	for n := range fs.list {
		if fileAt[n] == none {
			continue
		}
		f := fs.list[n]
		f.names, f.ghost, f.first = moved(nameAt, f.names), moved(nameAt, f.ghost), moved(nameAt, f.first)
		fs.list[count], fileAt[n] = f, int32(count)
		count++
	}
	fs.list = fs.list[:count]
}

// moved is where an index has gone.
func moved(at []int32, n int32) int32 {
	if n == none {
		return none
	}
	return at[n]
}

// index finds all files and names anew.
func (fs *files) index() {
	clear(fs.byKey)
	clear(fs.byName)
	for n := range fs.list {
		fs.byKey[fs.list[n].key] = int32(n)
	}
	for n := range fs.names {
		if fs.names[n].file != none {
			fs.byName[fs.names[n].hash] = int32(n)
		}
	}
}
