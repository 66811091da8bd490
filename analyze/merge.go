package analyze

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"slices"
)

// Merge adds profiles up: those of many hosts, of many days. The result is the same whatever the order of the profiles. It is exact as long
// as there is room for every name (see mergeLimits), and what does not fit is in Other; but bursts are minutes of single profiles, hosts
// without a name stay apart, and a rule's series is left out where one of the profiles does not have it.
func Merge(profiles ...*Profile) (*Profile, error) {
	var list []numbered
	for i, p := range profiles {
		text, err := p.encode()
		if err != nil {
			return nil, err
		}
		list = append(list, numbered{sha256.Sum256(text), i})
	}
	return mergeInOrder(list, func(i int) (*Profile, error) { return profiles[i].clone(), nil })
}

// MergeFiles adds up the profiles in files that WriteShared wrote, one in memory at a time. done is told after each file how many are read,
// and ends the merge with an error of its own; it may be nil.
func MergeFiles(paths []string, done func(files int) error) (*Profile, error) {
	var list []numbered
	for i, path := range paths {
		text, err := readProfileFile(path)
		if err != nil {
			return nil, err
		}
		list = append(list, numbered{sha256.Sum256(text), i})
	}
	read := 0
	return mergeInOrder(list, func(i int) (*Profile, error) {
		text, err := readProfileFile(paths[i])
		if err != nil {
			return nil, err
		}
		p, err := decode(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", paths[i], err)
		}
		if read++; done != nil {
			err = done(read)
		}
		return p, err
	})
}

// readProfileFile reads the text of a profile. The name may be a pipe's: it is read twice, so that is refused.
func readProfileFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read a profile: %w: give files that auditprof analyze --profile wrote", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file: give files that auditprof analyze --profile wrote", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read a profile: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, MaxSharedBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read a profile: %w", err)
	}
	return text, nil
}

// numbered is a profile's place in the caller's list with the sum of its text, by which profiles are ordered: where a merge runs out of room,
// what is given up depends on the order in which it takes them.
type numbered struct {
	sum [sha256.Size]byte
	at  int
}

func mergeInOrder(list []numbered, get func(int) (*Profile, error)) (*Profile, error) {
	if len(list) == 0 || len(list) > maxProfiles {
		return nil, fmt.Errorf("%d profiles to merge: give 1 to %d", len(list), maxProfiles)
	}
	slices.SortFunc(list, func(a, b numbered) int { return cmp.Or(bytes.Compare(a.sum[:], b.sum[:]), cmp.Compare(a.at, b.at)) })
	m := newMerge(mergeWide)
	for _, n := range list {
		p, err := get(n.at)
		if err != nil {
			return nil, err
		}
		m.add(p)
	}
	return m.profile(), nil
}
