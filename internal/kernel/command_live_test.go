package kernel

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommandsGiveTheSameRules loads rules, prints what the kernel lists and loads that again, as a rules file and in a
// shell.
func TestCommandsGiveTheSameRules(t *testing.T) {
	c := live(t)
	varied(t, c)
	odd := filepath.Join(t.TempDir(), `with space\and'quote"$x`)
	if err := os.Mkdir(odd, 0o755); err != nil {
		t.Fatal(err)
	}
	auditctlArgs(t, []string{"-w", odd, "-p", "r", "-k", "odd key"})
	auditctlArgs(t, []string{"-a", "always,exit", "-S", "all", "-F", "dir=" + odd, "-F", "uid!=0", "-k", `b\s`, "-k", "$HOME;x"})
	want, err := snapshot(c)
	if err != nil {
		t.Fatal(err)
	}
	reload := map[string]func(){
		"shell": func() { runShell(t, strings.Join(want.Commands(), "\n")) },
		"rules file": func() {
			auditctl(t, "-D")
			var lines []string
			for _, w := range want.Rules {
				lines = append(lines, Command(w))
			}
			file := filepath.Join(t.TempDir(), "again.rules")
			if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			auditctl(t, "-R "+file)
		},
	}
	for name, load := range reload {
		load()
		got, err := c.Rules()
		if err != nil {
			t.Fatal(err)
		}
		if d := ruleDifference(want.Rules, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// runShell runs lines as root would paste them.
func runShell(t testing.TB, script string) {
	t.Helper()
	cmd := exec.Command("sh", "-e", "-c", script)
	cmd.Env = append(os.Environ(), "PATH=/usr/sbin:/sbin:"+os.Getenv("PATH"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, script)
	}
}
