// Package layers holds the import arrows of docs/ARCHITECTURE.md: which of our packages may import which, and the one home of each dependency.
package layers

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/auditprof/auditprof/"

// allowed maps a room to the rooms of ours that it may import. A room is the longest listed prefix of a package's path.
// Test files may also import what they drive.
var allowed = map[string][]string{
	"cmd/auditprof":         {"reports", "compare", "bench", "analyze", "scenarios", "internal"},
	"reports":               {"reports", "compare", "bench", "analyze", "internal/audit"},
	"compare":               {"bench/result", "bench/stat", "analyze"},
	"bench":                 {"bench", "scenarios", "internal/kernel", "internal/audit", "internal/cgroup"},
	"bench/sample":          {},
	"bench/probe":           {},
	"bench/result":          {},
	"bench/stat":            {},
	"bench/gate":            {"bench/result", "bench/stat", "internal/nearest"},
	"bench/verify":          {"bench/result", "bench/stat"},
	"bench/ruleprice":       {"bench/stat", "internal/audit"},
	"analyze":               {"analyze", "internal/kernel", "internal/audit"},
	"analyze/logs":          {"internal/audit/record"},
	"scenarios":             {"internal/nearest"},
	"internal/kernel":       {"internal/audit", "internal/cgroup"},
	"internal/cgroup":       {},
	"internal/audit":        {"internal/audit"},
	"internal/audit/names":  {},
	"internal/audit/record": {"internal/audit/names"},
	"internal/audit/event":  {"internal/audit/record", "internal/audit/names"},
	"internal/audit/rule":   {"internal/audit/names"},
	"internal/audit/match":  {"internal/audit/rule", "internal/audit/event", "internal/audit/record", "internal/audit/names"},
	"internal/biglog":       {"internal/audit/record"},
	"internal/hostlog":      {"internal/audit"},
	"internal/peers":        {"internal/biglog"},
	"internal/tax":          {"bench/result", "bench/stat"},
	"internal/trust":        {"bench", "scenarios", "internal/kernel", "internal/audit"},
	"internal/layers":       {},
	"internal/nearest":      {},
	"internal/livetest":     {},
	"internal/matchtest":    {"internal/kernel", "internal/livetest", "internal/audit"},
}

// homes maps a dependency (a prefix of import paths) to the rooms it may be imported from.
var homes = map[string][]string{
	"go.yaml.in/yaml/":                {"scenarios", "analyze/suggest/detect", "bench/gate", "cmd/auditprof"},
	"github.com/aymanbagabas/":        {"analyze/suggest/place"},
	"github.com/elastic/go-libaudit/": {"internal/kernel", "internal/peers/auparse"},
	"github.com/shirou/gopsutil/":     {"bench/sample"},
	"github.com/chromedp/":            {"reports/html"},
	"github.com/cilium/ebpf":          {"bench/probe"},
	"github.com/google/pprof":         {"reports/pprof"},
	"gonum.org/v1/plot":               {"reports/plot"},
	"gonum.org/v1/gonum":              {"bench/stat"},
	"github.com/spf13/cobra":          {"cmd/auditprof"},
	"modernc.org/sqlite":              {"scenarios"},
	"github.com/HdrHistogram/":        {"scenarios", "bench", "bench/result", "reports/plot", "reports/testrun"},
	"github.com/rogpeppe/go-internal": {"cmd/auditprof"},
	"github.com/joshdk/go-junit":      {"reports/junit"},
	"github.com/owenrumney/go-sarif/": {"reports/sarif"},
	"github.com/santhosh-tekuri/":     {"scenarios", "bench/gate", "bench/result", "bench/verify", "compare", "analyze", "reports/sarif"},
	"github.com/klauspost/compress":   {"cmd/auditprof", "internal/audit/event", "internal/biglog", "internal/audit/match", "analyze", "bench/result"},
	"golang.org/x/perf":               {"bench/result"},
	"golang.org/x/term":               {"cmd/auditprof"},
	"golang.org/x/sys":                {"internal/kernel", "internal/cgroup", "internal/livetest", "internal/trust", "internal/matchtest", "scenarios", "bench", "bench/sample", "cmd/auditprof"},
	"golang.org/x/tools":              {"internal/audit/names"},
}

func TestImportArrows(t *testing.T) {
	root := filepath.Join("..", "..")
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != root) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		seen++
		checkFile(t, path, filepath.ToSlash(rel))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 4 {
		t.Fatalf("only %d Go files seen: the walk is broken", seen)
	}
}

func checkFile(t *testing.T, path, dir string) {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	for _, spec := range f.Imports {
		imp, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if why := refuse(dir, imp, strings.HasSuffix(path, "_test.go")); why != "" {
			t.Errorf("%s imports %s: %s", path, imp, why)
		}
	}
}

// refuse says why a package in dir may not import imp, "" where it may.
func refuse(dir, imp string, test bool) string {
	first, _, _ := strings.Cut(imp, "/")
	if !strings.Contains(first, ".") {
		return "" // the standard library
	}
	if own, ok := strings.CutPrefix(imp, module); ok {
		if test && (own == "internal/livetest" || own == "internal/biglog" || own == "internal/hostlog") {
			return "" // the turn at the kernel is every live test's, the large log and the logs of hosts are every test's
		}
		room, known := roomOf(dir)
		if !known {
			return "this folder is not a room of docs/ARCHITECTURE.md: give it a line in allowed"
		}
		if own == dir || test && strings.HasPrefix(own, dir+"/") || test && strings.HasPrefix(dir, own+"/") {
			return ""
		}
		for _, a := range allowed[room] {
			if own == a || strings.HasPrefix(own, a+"/") {
				return ""
			}
		}
		return "the arrow from " + room + " does not exist"
	}
	for dep, rooms := range homes {
		if !strings.HasPrefix(imp, dep) {
			continue
		}
		for _, r := range rooms {
			if dir == r || strings.HasPrefix(dir, r+"/") {
				return ""
			}
		}
		return "its home is " + strings.Join(rooms, ", ")
	}
	return "this dependency has no home: give it a line in homes"
}

func roomOf(dir string) (string, bool) {
	for d := dir; ; {
		if _, ok := allowed[d]; ok {
			return d, true
		}
		i := strings.LastIndexByte(d, '/')
		if i < 0 {
			return "", false
		}
		d = d[:i]
	}
}

func TestRefuse(t *testing.T) {
	for _, c := range []struct {
		dir, imp string
		want     bool
	}{
		{"bench", module + "analyze", false},
		{"analyze", module + "bench/result", false},
		{"bench/stat", module + "bench/result", false},
		{"scenarios", module + "internal/kernel", false},
		{"internal/kernel", module + "bench", false},
		{"cmd/auditprof", module + "bench", true},
		{"bench", module + "internal/kernel", true},
		{"reports/text", module + "bench/result", true},
		{"bench", "github.com/elastic/go-libaudit/v2", false},
		{"internal/kernel", "github.com/elastic/go-libaudit/v2", true},
		{"bench", "github.com/nobody/knows", false},
		{"bench", "os", true},
	} {
		if got := refuse(c.dir, c.imp, false) == ""; got != c.want {
			t.Errorf("%s may import %s: got %v, want %v", c.dir, c.imp, got, c.want)
		}
	}
}
