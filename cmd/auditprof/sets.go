package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// readSets reads each --rules: one candidate.
func (c Command) readSets(args []string, keepGoing bool) ([]bench.Source, error) {
	var sets []bench.Source
	seen := map[string]bool{}
	for _, arg := range args {
		name, paths := splitSet(arg)
		src, err := c.readSet(name, paths, keepGoing)
		if err != nil {
			return nil, err
		}
		src.Name = unique(seen, src.Name)
		if _, err := result.RuleFile(src.Name); err != nil {
			return nil, err
		}
		sets = append(sets, src)
	}
	return sets, nil
}

// splitSet takes NAME=PATH,PATH apart. A path that exists as it stands is a path, whatever characters it has.
func splitSet(arg string) (name string, paths []string) {
	if _, err := os.Lstat(arg); err == nil || arg == "-" {
		return setName(arg), []string{arg}
	}
	name, rest, ok := strings.Cut(arg, "=")
	if !ok {
		name, rest = "", arg
	}
	paths = strings.Split(rest, ",")
	if name == "" {
		name = setName(paths[0])
	}
	return name, paths
}

func setName(path string) string {
	if path == "-" {
		return "stdin"
	}
	return filepath.Base(filepath.Clean(path))
}

// unique keeps the names of arms apart: two files may have the same base name.
func unique(seen map[string]bool, name string) string {
	try := name
	for i := 2; seen[try] || reserved[try]; i++ {
		try = fmt.Sprintf("%s-%d", name, i)
	}
	seen[try] = true
	return try
}

// reserved are the names of the arms that every run has.
var reserved = map[string]bool{"no audit": true, "no rules": true, "loaded now": true}

func (c Command) readSet(name string, paths []string, keepGoing bool) (bench.Source, error) {
	src := bench.Source{Name: name}
	var sets []*rule.Set
	for _, p := range paths {
		set, err := c.readRules(p)
		var bad rule.Errors
		switch {
		case errors.As(err, &bad) && keepGoing && set != nil:
			src.Bad = append(src.Bad, bad...)
		case err != nil:
			return src, err
		}
		sets = append(sets, set)
	}
	src.Set = rule.Join(sets...)
	if len(src.Set.Rules()) == 0 {
		return src, fmt.Errorf("%s holds no rule", strings.Join(paths, ", "))
	}
	return src, nil
}

// readRules reads a PATH: a file, a rules.d directory or - for standard input.
func (c Command) readRules(path string) (*rule.Set, error) {
	if path == "-" {
		return rule.ParseFile("-", c.In)
	}
	st, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	if st.IsDir() {
		return rule.ParseDir(path, os.DirFS(path))
	}
	if !st.Mode().IsRegular() && st.Mode()&os.ModeNamedPipe == 0 {
		return nil, fmt.Errorf("read rules: %s is neither a file nor a rules.d directory", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	defer f.Close()
	return rule.ParseFile(path, f)
}
