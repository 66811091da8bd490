package analyze

import (
	"bytes"
	"hash/maphash"
)

const (
	rootID       uint32 = 1
	maxPathDepth        = 24   // what lies deeper counts there
	maxPathBytes        = 1024 // likewise
	recentPaths         = 4096
)

// pathTree counts by file and directory, in bounded memory: where it is full, the lighter half is folded into the directories above. A
// parent's id is smaller than those of what lies below it.
type pathTree struct {
	index  index
	nodes  []pathNode
	limit  int
	cut    uint64
	seed   maphash.Seed
	recent [recentPaths]recentPath // whole paths, so that the usual one is not taken apart again
}

type pathNode struct {
	hash   uint64 // of the parent and the name
	parent uint32
	name   string
	own    Count
}

type recentPath struct {
	hash uint64 // of the whole: that two of 64 bits are the same by chance is left out of account
	node uint32
}

func newPathTree(limit int) *pathTree {
	t := &pathTree{limit: limit, seed: maphash.MakeSeed(), nodes: make([]pathNode, pinned)}
	t.index.fill(t.hashOf, pinned, pinned)
	return t
}

func (t *pathTree) hashOf(id uint32) uint64 { return t.nodes[id].hash }

// add counts n for an absolute path.
func (t *pathTree) add(path []byte, n Count) {
	hash := maphash.Bytes(t.seed, path)
	known := &t.recent[hash%recentPaths]
	if known.hash != hash || known.node == 0 {
		*known = recentPath{hash, t.walk(path)}
	}
	t.nodes[known.node].own.add(n)
}

// walk goes down from the root to the file, making what is not there. Room is made for a new path only: whether one that is there was met
// shortly before, which hashes decide, must not change what is counted.
func (t *pathTree) walk(path []byte) uint32 {
	if at, there := t.descend(path, t.find); there {
		return at
	}
	if len(t.nodes)+maxPathDepth > t.limit {
		t.makeRoom()
	}
	at, _ := t.descend(path, t.child)
	return at
}

// descend takes step from name to name. A name of .. goes up, as it does where no symlink is on the way.
func (t *pathTree) descend(path []byte, step func(uint32, []byte) uint32) (node uint32, there bool) {
	at, depth := rootID, 0
	path = path[:min(len(path), maxPathBytes)]
	for len(path) > 0 && depth < maxPathDepth {
		var name []byte
		name, path, _ = bytes.Cut(path, []byte{'/'})
		switch string(name) {
		case "", ".":
		case "..":
			at = max(t.nodes[at].parent, rootID)
			depth = max(depth-1, 0)
		default:
			if at = step(at, name); at == 0 {
				return 0, false
			}
			depth++
		}
	}
	return at, true
}

// find is the node of a name in a directory, 0 where there is none.
func (t *pathTree) find(parent uint32, name []byte) uint32 {
	hash := t.hash(parent, name)
	for at := t.index.start(hash); ; at = t.index.next(at) {
		id := t.index.ids[at]
		if id == 0 {
			return 0
		}
		if n := &t.nodes[id]; n.hash == hash && n.parent == parent && bytes.Equal(name, []byte(n.name)) {
			return id
		}
	}
}

// child is the node of a name in a directory, made where it is not there.
func (t *pathTree) child(parent uint32, name []byte) uint32 {
	if id := t.find(parent, name); id != 0 {
		return id
	}
	hash := t.hash(parent, name)
	id := uint32(len(t.nodes))
	t.nodes = append(t.nodes, pathNode{hash: hash, parent: parent, name: string(name)})
	if 2*len(t.nodes) > len(t.index.ids) {
		t.index.fill(t.hashOf, pinned, len(t.nodes))
	} else {
		t.index.put(hash, id)
	}
	return id
}

func (t *pathTree) hash(parent uint32, name []byte) uint64 {
	return fold(maphash.Bytes(t.seed, name) ^ uint64(parent))
}

// makeRoom folds the lighter half into the directories above.
func (t *pathTree) makeRoom() {
	t.shrink(t.limit / 2)
	t.index.fill(t.hashOf, pinned, len(t.nodes))
	clear(t.recent[:])
}

// shrink leaves the heaviest keep nodes by what lies at and below them, so that a node's directories stay with it. The index is not kept up.
func (t *pathTree) shrink(keep int) {
	below := t.sums()
	now, kept := lighterHalf(len(t.nodes), keep, func(id uint32) Count { return below[id] })
	for id := len(t.nodes) - 1; id > int(rootID); id-- {
		if now[id] == otherID {
			t.nodes[t.nodes[id].parent].own.add(t.nodes[id].own)
			t.cut++
		}
	}
	for id := range t.nodes {
		if now[id] == otherID {
			continue
		}
		n := t.nodes[id]
		n.parent = now[n.parent]
		n.hash = fold(maphash.String(t.seed, n.name) ^ uint64(n.parent))
		t.nodes[now[id]] = n
	}
	clear(t.nodes[kept:])
	t.nodes = t.nodes[:kept]
}

// sums are the counts of each node with all below it.
func (t *pathTree) sums() []Count {
	below := make([]Count, len(t.nodes))
	for id := len(t.nodes) - 1; id >= int(rootID); id-- {
		below[id].add(t.nodes[id].own)
		if id > int(rootID) {
			below[t.nodes[id].parent].add(below[id])
		}
	}
	return below
}

// rows are the heaviest directories and files, with no more than limit rows. The tree takes no events after that.
func (t *pathTree) rows(limit int) ([]PathCount, uint64) {
	if len(t.nodes) > limit+pinned {
		t.shrink(limit)
	}
	names := make([]string, len(t.nodes))
	out := []PathCount{}
	for id := rootID; int(id) < len(t.nodes); id++ {
		switch n := t.nodes[id]; {
		case id == rootID:
			names[id] = "/"
		case n.parent == rootID:
			names[id] = "/" + n.name
		default:
			names[id] = names[n.parent] + "/" + n.name
		}
		out = append(out, PathCount{Path: names[id], Own: t.nodes[id].own})
	}
	return out, t.cut
}
