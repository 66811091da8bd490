package scenarios

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCanariesAreNamedOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Canaries() {
		if seen[c.Name] || c.What == "" || len(c.Syscalls) == 0 || c.Marker != "" && c.Marker[0] != '/' {
			t.Errorf("%+v", c)
		}
		seen[c.Name] = true
	}
	if len(seen) < 20 {
		t.Errorf("only %d canaries", len(seen))
	}
	if _, err := Lookup(CanaryName); err == nil {
		t.Error("the canaries can be chosen as a workload")
	}
}

// canaryPass does all canaries once as a user.
func canaryPass(t *testing.T, spec Spec) Outcome {
	t.Helper()
	before, _ := filepath.Glob("/tmp/auditprof-canary-*")
	p := start(t, spec)
	out := p.order(1)
	p.end(0)
	wantEmpty(t, spec.Dir)
	if after, _ := filepath.Glob("/tmp/auditprof-canary-*"); len(after) > len(before) {
		t.Errorf("left in /tmp: %v", after)
	}
	for _, c := range Canaries() {
		if (out.Expected[c.Name] == 1) == (out.Trouble[c.Name] != "") {
			t.Errorf("%s: done %d times, trouble %q", c.Name, out.Expected[c.Name], out.Trouble[c.Name])
		}
	}
	return out
}

func TestCanariesOfANobody(t *testing.T) {
	needRoot(t)
	out := canaryPass(t, Spec{Scenario: CanaryName, Dir: workDir(t, nobody), Binary: copyBinary(t, CanaryName), UID: nobody, GID: nobody})
	for name, why := range out.Trouble {
		t.Errorf("%s: %s", name, why)
	}
	for _, path := range []string{"/etc/cron.d/auditprof-canary", "/etc/sudoers.d/auditprof-canary", "/etc/ld.so.preload"} {
		if _, err := os.Lstat(path); err == nil {
			t.Errorf("%s was made", path)
		}
	}
}

// As root nothing is tried that would change the host.
func TestCanariesOfRootTouchNothing(t *testing.T) {
	needRoot(t)
	name, err := os.Hostname()
	must(t, err)
	out := canaryPass(t, Spec{Scenario: CanaryName, Dir: workDir(t, 0)})
	for _, c := range []string{"write-passwd", "write-cron", "mount", "module-load", "clock", "hostname", "become-root", "kexec", "bpf"} {
		if !strings.Contains(out.Trouble[c], errPrivileged.Error()) {
			t.Errorf("%s was done by root: %q", c, out.Trouble[c])
		}
	}
	if now, _ := os.Hostname(); now != name {
		t.Errorf("the host is %q now", now)
	}
}
