package suggest

import "strings"

// riser is a behaviour while others are folded into it, or it into them. Its folder has no number then: those on the way up are many.
type riser struct {
	entry
	folder string
	under  Ownership // of the folders that were folded into it
}

// withoutFolder is what behaviours share that may be folded into one.
func (r *riser) withoutFolder() key {
	k := r.entry.key
	k.dir = 0
	k.keyFlags &^= keyDeeper
	return k
}

func (r *riser) join(o *riser) {
	r.volume.join(o.volume)
	for n := range r.thin {
		r.thin[n].join(o.thin[n])
	}
	r.file = r.file.Worst(o.file)
	r.under = r.under.Worst(o.under)
	r.hosts.join(o.hosts)
}

// joined is both as one, either of which may be nil.
func joined(a, b *riser) *riser {
	switch {
	case a == nil:
		return b
	case b != nil:
		a.join(b)
	}
	return a
}

// folding folds groups of behaviours that differ in their folders only.
type folding struct {
	l      *Learner
	light  uint64 // bytes: what has fewer is folded
	others map[key]*riser
	kept   []*riser
	path   []node // the folders that the walk is in, the upper ones first
}

// node is a folder in which something may come together: one of a behaviour, or one that is above two.
type node struct {
	folder string
	deeper *riser // what stands for all below it
	own    *riser // what is right in it, too light to stay, and on its way up
}

// fold walks the folders of a group as a tree, those below a folder right after it. On its way up nothing changes but where two meet, so only
// these folders are visited.
func (f *folding) fold(group []*riser) {
	for _, r := range group {
		if r.folder == "" {
			f.settleOwn(r, nil)
			continue
		}
		f.leaveFor(r.folder)
		at := &f.path[len(f.path)-1]
		if r.keyFlags&keyDeeper != 0 {
			at.deeper = joined(at.deeper, r)
		} else {
			f.settleOwn(r, at)
		}
	}
	for len(f.path) > 0 {
		f.leave("")
	}
}

// settleOwn keeps what is heavy enough, and has the rest rise from its folder, if it is in one.
func (f *folding) settleOwn(r *riser, at *node) {
	switch {
	case r.volume.bytes() >= f.light:
		f.kept = append(f.kept, r)
		return
	case r.files != nil:
		r.files = nil
		f.l.follows--
	}
	f.l.folded++
	if at == nil {
		f.toOthers(r)
		return
	}
	at.own = joined(at.own, r)
}

// leaveFor leaves the folders that the next one is not in, and enters that.
func (f *folding) leaveFor(folder string) {
	for len(f.path) > 0 && !below(folder, f.path[len(f.path)-1].folder) {
		f.leave(commonFolder(f.path[len(f.path)-1].folder, folder))
	}
	if len(f.path) == 0 || f.path[len(f.path)-1].folder != folder {
		f.path = append(f.path, node{folder: folder})
	}
}

// leave ends the deepest folder of the path: what is light there rises to the next one of the path, or to the one that it has in common with
// the folder that comes next, whichever is deeper. With none left it goes to the Other of its rule.
func (f *folding) leave(common string) {
	last := f.path[len(f.path)-1]
	f.path = f.path[:len(f.path)-1]
	if common != "" && (len(f.path) == 0 || len(f.path[len(f.path)-1].folder) < len(common)) {
		f.path = append(f.path, node{folder: common})
	}
	rises := last.own
	if last.deeper != nil {
		if last.deeper.volume.bytes() >= f.light {
			last.deeper.place(last.folder)
			f.kept = append(f.kept, last.deeper)
		} else {
			rises = joined(rises, last.deeper)
		}
	}
	switch {
	case rises == nil:
	case last.folder == "/":
		f.toOthers(rises)
	default:
		f.rise(rises, last.folder)
	}
}

// rise brings what was light in a folder to the one above, where what has come together may be heavy enough, or on to the next of the path.
func (f *folding) rise(r *riser, folder string) {
	if id, ok := f.l.dirs.ids[folder]; ok {
		r.under = r.under.Worst(f.l.dirOwners[id].own)
	}
	parent := folder[:max(strings.LastIndexByte(folder, '/'), 1)]
	last := len(f.path) - 1
	switch {
	case last >= 0 && f.path[last].folder == parent:
		f.path[last].deeper = joined(f.path[last].deeper, r)
	case r.volume.bytes() >= f.light:
		r.place(parent)
		f.kept = append(f.kept, r)
	case last >= 0:
		f.path[last].deeper = joined(f.path[last].deeper, r)
	default:
		f.toOthers(r)
	}
}

// place makes a riser stand for what is below a folder.
func (r *riser) place(folder string) {
	r.folder = folder
	r.keyFlags |= keyDeeper
}

// toOthers gives up all but the rule.
func (f *folding) toOthers(r *riser) {
	k := key{rule: r.rule, msg: r.msg, keyFlags: r.keyFlags&keyWanted | keyOther}
	r.entry.key, r.folder, r.under = k, "", Ownership{}
	if at, ok := f.others[k]; ok {
		at.join(r)
	} else {
		f.others[k] = r
	}
}

// compareFolders is the order of a walk through a tree: all that is below a folder comes right after it.
func compareFolders(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	switch {
	case n == len(a) || n == len(b):
		return len(a) - len(b)
	case a[n] == '/':
		return -1
	case b[n] == '/':
		return 1
	}
	return int(a[n]) - int(b[n])
}

// commonFolder is the deepest folder that two are in, or are.
func commonFolder(a, b string) string {
	if below(a, b) {
		return b
	}
	for folder := range foldersAbove(b) {
		if below(a, folder) {
			return folder
		}
	}
	return "/"
}
