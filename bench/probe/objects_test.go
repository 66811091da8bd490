package probe

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// recorded reads bpf/objects.sum: the compiler, and the sums of source and objects as they were generated.
func recorded(t *testing.T) (compiler string, sums map[string]string) {
	t.Helper()
	b, err := os.ReadFile("bpf/objects.sum")
	if err != nil {
		t.Fatal(err)
	}
	compiler, rest, _ := strings.Cut(string(b), "\n")
	sums = map[string]string{}
	for line := range strings.Lines(rest) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		sums[name] = sum
	}
	return compiler, sums
}

// The committed objects are those of the committed source.
func TestObjectsAreOfThisSource(t *testing.T) {
	_, sums := recorded(t)
	for _, name := range []string{"bpf/watch.bpf.c", "watch_bpfel.o", "watch_bpfeb.o"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(b)); got != sums[name] {
			t.Errorf("%s was changed after the objects were made: make generate", name)
		}
	}
}

// Where the same compiler is installed, it makes the same objects.
func TestObjectsAreMadeAgainAlike(t *testing.T) {
	compiler, sums := recorded(t)
	out, err := exec.Command("clang", "--version").Output()
	if first, _, _ := strings.Cut(string(out), "\n"); err != nil || first != compiler {
		t.Skipf("%s is not installed (clang, llvm and libbpf-dev of Debian 12)", compiler)
	}
	if _, err := os.Stat("/usr/include/bpf/bpf_core_read.h"); err != nil {
		t.Skip("libbpf-dev is not installed")
	}
	dir := t.TempDir()
	for name := range sums {
		target, isObject := strings.CutPrefix(name, "watch_")
		if !isObject {
			continue
		}
		target = strings.TrimSuffix(target, ".o")
		made := filepath.Join(dir, name)
		cmd := exec.Command("go", "run", "github.com/cilium/ebpf/cmd/bpf2go", "-target", target, "-output-dir", dir, "-go-package", "probe",
			"-type", "thread", "-type", "calls", "-type", "turns", "-type", "place", "watch", "bpf/watch.bpf.c", "--", "-O2", "-Wall", "-Werror")
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		got, err := os.ReadFile(made)
		if err != nil {
			t.Fatal(err)
		}
		if want, _ := os.ReadFile(name); !bytes.Equal(got, want) {
			t.Errorf("%s: the compiler makes something else: make generate", name)
		}
	}
}
