package cgroup

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// ErrNoService: no group has the name of the service.
var ErrNoService = errors.New("the service has no cgroup")

// Find is the group of a service that counts CPU: an absolute path as it stands, a path below a hierarchy's mount, or the one folder of that
// name in a hierarchy. The hierarchy that systemd keeps services in with version 1 counts nothing, so the same path is tried in the others.
func Find(list []Hierarchy, service string) (*Group, error) {
	if filepath.IsAbs(service) {
		if g, err := Open(filepath.Clean(service)); err == nil {
			return g, nil
		}
		if g := openIn(list, service); g != nil {
			return g, nil
		}
		return nil, fmt.Errorf("%w: %.200q is no cgroup that counts CPU", ErrNoService, service)
	}
	paths, err := named(list, service)
	if err != nil {
		return nil, err
	}
	switch len(paths) {
	case 0:
		return nil, fmt.Errorf("%w: none is called %.200q: is it running? (systemctl status, or give its cgroup as an absolute path)", ErrNoService, service)
	case 1:
		if g := openIn(list, paths[0]); g != nil {
			return g, nil
		}
		return nil, fmt.Errorf("%w that counts CPU: %s: set CPUAccounting=yes for it, or boot with cgroup2", ErrNoService, paths[0])
	}
	return nil, fmt.Errorf("%w of its own: %s are all called so: give one as an absolute path", ErrNoService, strings.Join(paths, ", "))
}

// openIn opens a path in the first hierarchy that has it and counts CPU, version 2 first.
func openIn(list []Hierarchy, path string) *Group {
	for _, v2 := range []bool{true, false} {
		for _, h := range list {
			if h.V2 != v2 {
				continue
			}
			if g, err := Open(filepath.Join(h.Mount, filepath.Join("/", path))); err == nil {
				return g
			}
		}
	}
	return nil
}

// maxNamed is enough to say that a name is not one group's.
const maxNamed = 4

// named are the paths, below their mounts, of the groups of a name; the same path in several hierarchies counts once.
func named(list []Hierarchy, name string) ([]string, error) {
	if name == "" || name != filepath.Base(name) || name == "." || name == ".." {
		return nil, fmt.Errorf("%w: %.200q is neither a unit's name nor an absolute path", ErrNoService, name)
	}
	var paths []string
	for _, h := range list {
		err := eachBelow(h.Mount, func(dir string) error {
			if filepath.Base(dir) != name || dir == h.Mount {
				return nil
			}
			path := strings.TrimPrefix(dir, h.Mount)
			if !slices.Contains(paths, path) && len(paths) < maxNamed {
				paths = append(paths, path)
			}
			return fs.SkipDir
		})
		if err != nil {
			return nil, fmt.Errorf("look for the cgroup of %.200q: %w", name, err)
		}
	}
	return paths, nil
}
