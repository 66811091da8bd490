package text

import (
	"strings"

	"github.com/auditprof/auditprof/analyze"
)

// hotShare is the part of all named files that a directory must hold to be a row.
const hotShare = 0.05

// hotPaths are the directories that hold most of the named files, none of them counted within another. What is left of the root is no
// directory that anybody could name.
func (v *profileView) hotPaths() []analyze.Named {
	var hot []analyze.Named
	for _, n := range v.profile.Paths.Hot(hotShare) {
		if n.Name != "/" {
			hot = append(hot, n)
		}
	}
	return hot
}

// paths is the table of the directories that hold the files most named.
func (v *profileView) paths(p *page) {
	hot := v.hotPaths()
	var rows, rest []entry
	for _, n := range hot {
		name := n.Name
		if hasBelow(hot, n.Name) {
			name += " (elsewhere in it)"
		}
		rows = append(rows, entry{name: name, Count: n.Count})
	}
	if len(v.profile.Paths.Rows) > 0 {
		rest = append(rest, entry{name: "(elsewhere, less than 5 % each)", Count: less(v.profile.Paths.Rows[0].Count, sumOf(rows))})
	}
	rest = append(rest, entry{name: "(relative to an unknown directory)", Count: v.profile.Paths.Relative}, entry{name: "(names no file)", Count: v.profile.Paths.NoPath})
	v.volumes(p, "paths", "by the first file named", rows, withVolume(rest))
}

// hasBelow tells whether one of the directories lies below dir, and so is not counted in it.
func hasBelow(hot []analyze.Named, dir string) bool {
	for _, n := range hot {
		if strings.HasPrefix(n.Name, dir+"/") {
			return true
		}
	}
	return false
}

// withVolume are the entries that have any.
func withVolume(list []entry) []entry {
	var out []entry
	for _, e := range list {
		if !e.Count.IsZero() {
			out = append(out, e)
		}
	}
	return out
}

// less is a without b, and never below nothing: what a hostile profile says need not add up.
func less(a, b analyze.Count) analyze.Count {
	return analyze.Count{Events: a.Events - min(b.Events, a.Events), Records: a.Records - min(b.Records, a.Records), Bytes: a.Bytes - min(b.Bytes, a.Bytes)}
}
