package match

import (
	"maps"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// Facts is what a log has shown so far of what names in it mean: which inode has which names, which directories are one, what the paths
// of the rules are, which numbers names of users have. It is learnt event by event in the order of the log, by one goroutine, and its
// memory is bounded: at most about 18 MiB, whatever the log.
//
// Every host (node=) has facts of its own.
type Facts struct {
	set      *pathSet
	snapshot *Snapshot
	ids      []nameID // users and groups that rules name without a number
	hosts    map[string]*host
	last     *host
	files    *files
	prior    *Facts // the complete facts of the first reading, nil in that
	spell    *places

	seq   uint32 // events learnt
	epoch uint32 // changes with everything that may change what facts say of a name that is already known
	news  bool
	waits map[fileKey]struct{} // inodes that undecided events used and did not name
	text  []byte               // to decode into
	left  int                  // bytes of memory that may still be used besides files, about

	cwdSum, exeSum uint64 // hashes of both as the event that is being learnt has them
}

// host is what is known of one node.
type host struct {
	index uint32
	name  string
	refs  []refState // by pathRef.id
	links links
	// twins are other names that an inode of a name has had, by the hash of that, as far as rules tell them apart. They stay when either
	// name comes to lead to another inode: a symlink goes on leading to its target.
	twins map[uint64][]string
	// linked are hashes of names that are those of symlinks; relinked of those that came to be such in the log; firstLinked of those that
	// were such, and were not seen to come; toldLinked is the firstLinked of a first reading, laterLinked those of it that have not changed yet.
	linked, relinked, firstLinked, laterLinked, toldLinked map[uint64]struct{}
	moves                                                  []move
	real                                                   map[uint64]struct{} // hashes of directories that a working directory or an executable lies in
	seen                                                   [seenDirs]uint64    // the last of those, by hash
	exes                                                   [seenExes]seenExe
	users                                                  map[nameID]uint32
	// groups of users, by number, and inodes of paths of rules, as a snapshot has them.
	groups map[uint32][]uint32
	inodes map[fileKey][]*pathRef
	// bound has the path= rules that an inode has been of, by what the log shows of their own paths.
	bound map[fileKey][]*watchRef
	// firstBound is, in a second reading, what the first has seen of each path= rule, by pathRef.id.
	firstBound [][]binding
	// carried is where the symlink led whose name went away in the event that is being learnt.
	carried string
}

// seenExe is an executable of which it is known whether facts say more than exe= does.
type seenExe struct {
	hash  uint64
	epoch uint32
	about bool
}

// move is a directory that was renamed: names below it that were learnt before are out of date.
type move struct {
	from, to string
	seq      uint32
}

// Bounds. Hosts and users beyond them teach nothing.
const (
	maxHosts = 256
	maxNode  = 255 // bytes of a node's name
	maxReal  = 4096
	maxMoves = 64
	maxMove  = 1024 // bytes of both names of a directory that was renamed
	maxWaits = 1 << 14
	seenDirs = 512
	seenExes = 128
)

// NewFacts returns facts of nothing, for the first reading of a log.
func NewFacts(m *Matcher) *Facts {
	f := &Facts{
		set: m.paths, snapshot: m.host.Snapshot, ids: m.names, hosts: map[string]*host{}, files: newFiles(), epoch: 1, left: memory, waits: map[fileKey]struct{}{},
	}
	f.spell = newPlaces(m.paths, f)
	return f
}

// Again returns facts for a second reading of the same log. They learn in order again; what they do not know yet they ask f, which has
// seen the whole log and must not learn any more.
func (f *Facts) Again() *Facts {
	g := &Facts{
		set: f.set, snapshot: f.snapshot, ids: f.ids, hosts: map[string]*host{}, files: newFiles(), epoch: 1, left: memory, waits: map[fileKey]struct{}{}, prior: f,
	}
	g.files.seed = f.files.seed
	g.spell = newPlaces(f.set, g)
	return g
}

// News tells whether something was learnt since it was last asked that may change how an event is decided that came before. In a second
// reading there is none.
func (f *Facts) News() bool {
	news := f.news
	f.news = false
	return news && f.prior == nil
}

// Learn takes in one event. It reports whether facts hold something about the event that the event itself does not say: then it is to be
// decided with them.
func (f *Facts) Learn(c *event.Call) (about bool) {
	h := f.host(c.Event.Node)
	if h == nil {
		return false
	}
	f.seq++
	f.cwdSum, f.exeSum = f.files.hash(0, c.Cwd.Text), f.files.hash(1, c.Exe.Text)
	f.spell.reset(c)
	f.learnReal(h, c)
	if len(f.ids) > 0 {
		f.learnIDs(h, c)
	}
	for i := range c.Names {
		if c.Names[i].HasInode && f.learnName(h, i) {
			about = true
		}
	}
	if f.aboutExe(h, c) {
		about = true
	}
	return about
}

// host is that of a node, nil where there are too many.
func (f *Facts) host(node string) *host {
	if f.last != nil && f.last.name == node {
		return f.last
	}
	h, ok := f.hosts[node]
	if !ok {
		if len(f.hosts) >= maxHosts || len(node) > maxNode || !f.spend(hostBytes+len(f.set.refs)*refBytes) {
			return nil
		}
		h = f.newHost(node)
		f.hosts[node] = h
	}
	f.last = h
	return h
}

// About what a host and what it knows of one path of a rule take, in bytes.
const (
	hostBytes = 8 << 10
	refBytes  = 224
)

// memory bounds what hosts, links, twins and what else is not in files may take, about: in bytes.
const memory = 4 << 20

// spend takes bytes from what is left of memory, and reports whether there were that many.
func (f *Facts) spend(bytes int) bool {
	if bytes > f.left {
		return false
	}
	f.left -= bytes
	return true
}

// mapEntry is about what an entry of a map with small keys takes, in bytes.
const mapEntry = 32

// newHost begins a host with what the first reading has found out about it.
func (f *Facts) newHost(node string) *host {
	h := &host{index: uint32(len(f.hosts)), name: node, refs: make([]refState, len(f.set.refs)), real: map[uint64]struct{}{}, twins: map[uint64][]string{}, users: map[nameID]uint32{}}
	h.linked, h.relinked, h.firstLinked = map[uint64]struct{}{}, map[uint64]struct{}{}, map[uint64]struct{}{}
	for _, r := range f.set.within["/"] {
		h.refs[r.id].parent = true
	}
	h.groups, h.inodes, h.bound = map[uint32][]uint32{}, map[fileKey][]*pathRef{}, map[fileKey][]*watchRef{}
	if f.prior == nil || f.prior.hosts[node] == nil {
		h.know(f.set, f.snapshot, f.ids)
		return h
	}
	old := f.prior.hosts[node]
	h.index, h.real, h.twins, h.users, h.groups, h.inodes = old.index, old.real, old.twins, old.users, old.groups, old.inodes
	h.links = links{now: old.links.first.clone(), first: old.links.first.clone(), pairs: old.links.pairs}
	h.toldLinked, h.laterLinked, h.bound = old.firstLinked, maps.Clone(old.firstLinked), maps.Clone(old.bound)
	h.firstBound = make([][]binding, len(old.refs))
	for _, r := range f.set.refs {
		h.firstBound[r.id] = f.prior.bindings(old, r)
		for _, b := range h.firstBound[r.id] {
			h.addBound(b.key, r)
		}
	}
	copy(h.refs, old.refs)
	for i := range h.refs {
		s := &h.refs[i]
		s.key, s.now, s.waited, s.moved, s.dead, s.unbound = s.first, false, false, "", false, false
		s.bound, s.maybe, s.updates = nil, nil, 0
	}
	return h
}

// key is the key of a name's inode.
func (h *host) key(n *event.Name) fileKey {
	return fileKey{inode: n.Inode, dev: n.DevMajor<<20 | n.DevMinor&0xfffff, host: h.index}
}

// changed notes that what facts say has changed: for events to come, and where late is set for those that were.
func (f *Facts) changed(late bool) {
	f.epoch++
	f.news = f.news || late
}

// wait remembers an inode that an undecided event used and did not name.
func (f *Facts) wait(key fileKey) {
	if len(f.waits) < maxWaits && f.spend(mapEntry) {
		f.waits[key] = struct{}{}
	}
}

// inodeOf is the inode that a name has, or where this reading has not come to it, will have.
func (f *Facts) inodeOf(h *host, full []byte) (fileKey, bool) {
	if n := f.files.named(f.files.hash(h.index, full), full); n != none {
		return f.files.list[f.files.names[n].file].key, true
	}
	if f.prior != nil {
		return f.prior.inodeOf(h, full)
	}
	return fileKey{}, false
}
