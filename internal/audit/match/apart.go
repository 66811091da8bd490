package match

import "strings"

// One name is in one place: in a world in which it is the file of one path= it is not that of another, nor in a directory that does
// not hold it. Where files have two names, or directories two paths, a world in which both are true says nothing that the two worlds in
// which one is do not say: no rule asks for both. Where no rule can take over the key of another (Matcher.single) that goes for all names of
// an event together: whichever rule wins in a world needs one of them in one place.

// place asks a question about where name i is, of a rule's path.
func (j *Judge) place(kind atomKind, i int, ref *pathRef, r reading) bool {
	a := atom{kind: kind, name: int32(i), of: int32(ref.id)}
	if r.open && j.elsewhere(a, ref) {
		return false
	}
	return j.worlds.ask(a, r)
}

// elsewhere tells whether the world that is being walked has put a name where it is not what an atom asks for.
func (j *Judge) elsewhere(a atom, ref *pathRef) bool {
	out := false
	j.worlds.steps += len(j.worlds.trail)
	for k := range j.worlds.trail {
		is := &j.worlds.trail[k]
		if is.atom == a {
			return false // it has its answer
		}
		if !is.value || is.atom.kind > atomGone {
			continue
		}
		if j.m.single {
			out = true
			continue
		}
		if is.atom.name != a.name {
			continue
		}
		switch other := is.atom.kind; {
		case other == atomBelow && a.kind == atomBelow:
			out = out || apartDirs(ref.path, j.m.paths.refs[is.atom.of].path)
		case other == a.kind && (a.kind == atomAt || a.kind == atomGone):
			out = out || ref.path != j.m.paths.refs[is.atom.of].path
		case other == atomBelow && a.kind == atomAt && j.takesOver():
		case other == atomBelow && a.kind == atomAt:
			out = out || !isUnder(ref.path, j.m.paths.refs[is.atom.of].path)
		case other == atomAt && a.kind == atomBelow:
			out = out || !isUnder(j.m.paths.refs[is.atom.of].path, ref.path)
		}
	}
	return out
}

// takesOver tells whether the rule that is being asked leaves the key of another in the record: then a world in which both match, of a file
// of two paths, says something of its own.
func (j *Judge) takesOver() bool { return j.asked != nil && j.asked.key == "" && !j.asked.never }

func apartDirs(a, b string) bool { return !isUnder(a, b) && !isUnder(b, a) }

// isUnder tells whether a path is a directory's or below it.
func isUnder(path, dir string) bool {
	return path == dir || dir == "/" || len(path) > len(dir) && path[len(dir)] == '/' && strings.HasPrefix(path, dir)
}
