package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// output is a file that is to be written, and the flag that names it.
type output struct{ flag, path string }

// checkOutputs refuses to write where it cannot be written, over the same file twice, or over what is read: a log may be evidence.
func checkOutputs(outputs []output, inputs []string) error {
	seen := map[string]string{}
	for _, t := range outputs {
		if t.path == "" || t.path == "-" {
			continue
		}
		dir := filepath.Dir(t.path)
		if st, err := os.Stat(dir); err != nil || !st.IsDir() {
			return fmt.Errorf("%s %q: %s is no directory", t.flag, t.path, dir)
		}
		st, err := os.Stat(t.path)
		switch {
		case err == nil && st.IsDir():
			return fmt.Errorf("%s %q: it is a directory; name a file", t.flag, t.path)
		case err == nil && !st.Mode().IsRegular():
			continue // /dev/null takes everything
		}
		clean := filepath.Clean(t.path)
		if other := seen[clean]; other != "" {
			return fmt.Errorf("%s and %s name the same file %q", other, t.flag, t.path)
		}
		seen[clean] = t.flag
		for _, in := range inputs {
			if err == nil && reads(in, t.path) {
				return fmt.Errorf("%s %q would replace a file that is read as %q: name another", t.flag, t.path, in)
			}
		}
	}
	return nil
}

// reads tells whether the file at path is what in names, or lies in the directory that in names.
func reads(in, path string) bool {
	source, err := os.Stat(in)
	if err != nil {
		return false
	}
	for _, p := range []string{path, filepath.Dir(path)} {
		if st, err := os.Stat(p); err == nil && os.SameFile(st, source) {
			return true
		}
	}
	return false
}
