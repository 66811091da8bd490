package suggest

import "slices"

// Which files a behaviour is about is followed where it is heavy: an exclusion by path= is right for noise about one file or two in a folder
// where others must stay visible. Of the files of one folder those stay that make more than a ninth of it (Misra and Gries, Finding repeated
// elements, 1982); what is said of them is never more than what was.

const (
	filesOf    = 8       // files followed of one behaviour
	maxFollows = 2000    // behaviours whose files are followed, about 1.5 KiB each
	followFrom = 256     // events of a behaviour before its files are followed
	heavyShare = 1000    // one in: the share of all bytes that it must have then, and a file in the end
	forgotten  = 1 << 40 // life that is long enough
)

// files are those that a behaviour is about.
type files [filesOf]file

type file struct {
	name   string // without its folder, "" in a free place
	life   int    // events of it, less those of files that found no place
	volume Parts
	thin   [len(ThinTypes)]Parts
}

// follow counts an event at the file that it names.
func (l *Learner) follow(e *entry, tested bool, v Volume, thin *[len(ThinTypes)]Volume) {
	if len(l.base) == 0 || Names(e.names) != OneName || e.keyFlags&keyOther != 0 {
		return
	}
	if e.files == nil {
		total := l.total.bytes()
		if e.volume.Learnt.Events+e.volume.Tested.Events < followFrom || e.volume.bytes() < total/heavyShare || l.follows >= maxFollows {
			return
		}
		e.files = &files{}
		l.follows++
	}
	if f := e.files.of(l.base); f != nil {
		f.volume.add(tested, v)
		for n := range thin {
			f.thin[n].add(tested, thin[n])
		}
	}
}

// of is the place of a file, nil where there is none.
func (fs *files) of(name []byte) *file {
	free := -1
	for i := range fs {
		f := &fs[i]
		if f.name == string(name) {
			f.life = min(f.life+1, forgotten)
			return f
		}
		if f.name == "" {
			free = i
		}
	}
	if free >= 0 {
		fs[free] = file{name: string(name), life: 1}
		return &fs[free]
	}
	for i := range fs {
		if fs[i].life--; fs[i].life == 0 {
			fs[i] = file{}
		}
	}
	return nil
}

// parted is a behaviour in parts: one for each of its heavy files, and the rest.
func (l *Learner) parted(e *entry, b Behaviour) (parts []Behaviour) {
	if e.files == nil {
		return []Behaviour{b}
	}
	for i := range e.files {
		f := &e.files[i]
		if f.name == "" || f.volume.bytes() < l.total.bytes()/heavyShare {
			continue
		}
		one := b
		one.File = slashed(b.Dir) + f.name
		one.Learnt, one.Tested, one.Thin = f.volume.Learnt, f.volume.Tested, f.thin
		parts = append(parts, one)
		b.Learnt.less(f.volume.Learnt)
		b.Tested.less(f.volume.Tested)
		for n := range b.Thin {
			b.Thin[n].Learnt.less(f.thin[n].Learnt)
			b.Thin[n].Tested.less(f.thin[n].Tested)
		}
	}
	if b.Learnt.Events+b.Tested.Events > 0 {
		parts = append(parts, b)
	}
	return slices.Clip(parts)
}

// slashed is a folder with the slash that its files' names go behind.
func slashed(folder string) string {
	if folder == "/" {
		return folder
	}
	return folder + "/"
}

func (v *Volume) less(o Volume) {
	v.Events, v.Records, v.Bytes = v.Events-o.Events, v.Records-o.Records, v.Bytes-o.Bytes
}
