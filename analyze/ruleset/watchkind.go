package ruleset

import (
	"strings"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// isDir is whether a -w path is a directory: known from the target host, or a guess from the text.
func (c *compiler) isDir(path string) (dir, known bool) {
	trimmed := strings.TrimRight(path, "/")
	if c.o.IsDir != nil {
		if dir, known := c.o.IsDir(trimmed); known {
			return dir, true
		}
	}
	return looksLikeDir(path) || c.parents[trimmed], false
}

func looksLikeDir(path string) bool {
	return strings.HasSuffix(path, "/") || strings.HasSuffix(path, ".d")
}

// parents are the directories in which the set names something: such a path is hardly a file.
func parents(s *Source) map[string]bool {
	out := map[string]bool{}
	for _, p := range s.parts {
		for _, r := range p.set.Rules() {
			for _, path := range pathsOf(r) {
				addParents(out, path)
			}
		}
	}
	return out
}

// pathsOf are the paths that a rule names.
func pathsOf(r *rule.Rule) []string {
	var out []string
	if r.IsWatch() {
		out = append(out, r.Watch.Text)
	}
	for _, f := range r.Fields {
		if f.Name == "path" || f.Name == "dir" || f.Name == "exe" {
			out = append(out, f.Value)
		}
	}
	return out
}

// maxDepth bounds how many parents of one path are kept, those nearest to it.
const maxDepth = 64

func addParents(out map[string]bool, path string) {
	path = strings.TrimRight(path, "/")
	for range maxDepth {
		i := strings.LastIndexByte(path, '/')
		if i <= 0 || out[path[:i]] {
			return
		}
		path = path[:i]
		out[path] = true
	}
}
