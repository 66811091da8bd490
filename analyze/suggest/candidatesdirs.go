package suggest

import (
	"maps"
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
				s.offerExit(x, l, place{dir: dir}, calls)
			}
			if s.deletes(calls) {
				continue
			}
			for _, file := range s.heavyFiles(of) {
				s.offerExit(x, l, place{path: file}, calls)
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

// deletes tells whether there is a call among some that takes a name away. A rule by path= is asked of those too early for success= to hold
// (kernel/audit_watch.c: audit_update_watch).
func (s *search) deletes(calls []uint64) bool {
	return slices.ContainsFunc(calls, func(k uint64) bool {
		name := s.classes.of(uint32(k>>32), uint32(k)).name
		return name == "unlink" || name == "unlinkat" || name == "rmdir"
	})
}

// heavyFiles are the files that hold enough by themselves. Not those that a rule by path= or inode= recorded: which of two rules on one file
// wins changes as the file is replaced.
func (s *search) heavyFiles(of []int) []string {
	mass := map[string]uint64{}
	for _, i := range of {
		b := &s.Behaviours[i]
		if b.File == "" {
			continue
		}
		wire := &s.Rules[b.Rule].Forms[0]
		_, watch := fieldOf(wire, fieldWatch)
		if _, inode := fieldOf(wire, fieldInode); !watch && !inode {
			mass[b.File] += b.Learnt.Bytes
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(mass)), func(file string) bool { return mass[file] < s.least })
}
