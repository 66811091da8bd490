package suggest

import (
	"slices"
)

// inFolder tells whether a dir= takes a behaviour, and nothing of a file elsewhere: one file, found, and a call that names no second one.
func (s *search) inFolder(b *Behaviour) bool {
	return b.Names == OneName && b.Dir != "" && b.Outcome == Succeeded && !s.classes.of(b.Arch, b.Syscall).twin
}

// located offers exclusions by folder.
func (s *search) located(x shape, part []int) {
	files := s.only(part, s.inFolder)
	for _, l := range s.byFamily([]Cond{{"success", "=", "1"}}, files) {
		for _, calls := range s.callSets(l.of) {
			of := s.only(l.of, func(b *Behaviour) bool { return slices.Contains(calls, callKey(b.Arch, b.Syscall)) })
			for _, dir := range s.heavyFolders(of) {
				s.offerExit(x, l, dir, calls)
			}
		}
	}
}

// muchOf is the share of a folder's bytes that a single one below it must not hold for the upper one to be worth a candidate: the deepest
// folders that hold the mass are offered.
const muchOf = 0.98

// heavyFolders are the folders that hold enough and are not as good as one below them (hierarchical heavy hitters, but each with all that is
// below it: an exclusion takes that too).
func (s *search) heavyFolders(of []int) []string {
	mass, heaviest := map[string]uint64{}, map[string]uint64{}
	for _, i := range of {
		b := &s.Behaviours[i]
		mass[b.Dir] += b.Learnt.Bytes
		for folder := range foldersAbove(b.Dir) {
			mass[folder] += b.Learnt.Bytes
		}
	}
	for folder, m := range mass {
		if folder != "/" {
			parent := string(parentOf([]byte(folder)))
			heaviest[parent] = max(heaviest[parent], m)
		}
	}
	var list []string
	for folder, m := range mass {
		if folder != "/" && m >= s.least && float64(heaviest[folder]) <= muchOf*float64(m) {
			list = append(list, folder)
		}
	}
	slices.Sort(list)
	return list
}
