package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/livetest"
	"go.yaml.in/yaml/v3"
)

// TestExampleOfTheGate: the pull request of examples/gate is stopped with the reason and an exclusion, and the mended one passes.
func TestExampleOfTheGate(t *testing.T) {
	t.Chdir("../../examples/gate")
	args := func(rules string, more ...string) []string {
		return append([]string{"gate", "--budget", "budget.yaml", "--base-rules", "main/rules.d", "--rules", rules + "/rules.d",
			"--log", "recorded.log.gz", "--log-rules", "recording.rules"}, more...)
	}
	r := typed(t, args("pull-request")...)
	for _, want := range []string{"FAIL", "✗ fail log 30-files.rules:2", "-S open,openat -k file_accesses", "+ -a never,exit -F arch=b64", "-F exe=/usr/lib/postgresql/16/bin/postgres"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q in\n%s", want, r.out)
		}
	}
	if r.code != exitFindings {
		t.Errorf("the pull request exits with %d\n%s", r.code, r.err)
	}
	if r := typed(t, args("mended")...); r.code != exitOK || !strings.HasPrefix(r.out, "PASS") {
		t.Errorf("the mended one exits with %d\n%s%s", r.code, r.out, r.err)
	}
	r = typed(t, "gate", "baseline", "--rules", "main/rules.d", "--log", "recorded.log.gz", "--log-rules", "recording.rules")
	if r.code != exitOK || r.out != slurp(t, "baseline.json") {
		t.Errorf("baseline.json is another: %s\n%s", r.out, r.err)
	}
}

// TestGateInCI runs the script of the GitHub action and the GitLab template on the example, with a file for what the runner would show.
func TestGateInCI(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		livetest.Missing(t, "bash, for scripts/gate-ci.sh")
	}
	bin, out := build(t), t.TempDir()
	example, err := filepath.Abs("../../examples/gate")
	if err != nil {
		t.Fatal(err)
	}
	for rules, want := range map[string]int{"pull-request": exitFindings, "mended": exitOK} {
		summary := filepath.Join(out, rules+".md")
		cmd := exec.Command("bash", "../../scripts/gate-ci.sh")
		cmd.Env = append(os.Environ(), "AUDITPROF="+bin, "OUT="+filepath.Join(out, rules), "GITHUB_STEP_SUMMARY="+summary, "GITHUB_OUTPUT="+filepath.Join(out, "output"),
			"BUDGET="+filepath.Join(example, "budget.yaml"), "RULES="+filepath.Join(example, rules, "rules.d"), "BASE_RULES="+filepath.Join(example, "main/rules.d"),
			"LOG="+filepath.Join(example, "recorded.log.gz"), "LOG_RULES="+filepath.Join(example, "recording.rules"))
		var stdout bytes.Buffer
		cmd.Stdout = &stdout
		_ = cmd.Run() // its exit code is what is looked at
		if got := cmd.ProcessState.ExitCode(); got != want {
			t.Errorf("%s exits with %d, want %d\n%s", rules, got, want, stdout.String())
		}
		if text := slurp(t, summary); !strings.HasPrefix(text, "### auditprof gate: ") {
			t.Errorf("%s: the summary is %.80q", rules, text)
		}
		if annotated := strings.Contains(stdout.String(), "::error "); annotated != (want != exitOK) {
			t.Errorf("%s: annotations %v\n%s", rules, annotated, stdout.String())
		}
		for _, name := range []string{"rules.junit.xml", "rules.sarif"} {
			if slurp(t, filepath.Join(out, rules, name)) == "" {
				t.Errorf("%s: %s is empty", rules, name)
			}
		}
	}
}

// TestTwoVerdictsInCI: what fails is worse than what cannot be told, whichever was judged last; the live run does the canaries of which docs/gate.md
// speaks; and no name in a report is a command of the runner, which takes ::name:: at the head of a line for one.
func TestTwoVerdictsInCI(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil || os.Getuid() != 0 {
		livetest.Missing(t, "bash, and root, for which scripts/gate-ci.sh would ask")
	}
	said := filepath.Join(t.TempDir(), "said")
	// A program that fails by the log, cannot tell by the run, and prints a line that begins with what an attacker named.
	program := writeFile(t, "auditprof", `#!/bin/sh
echo "$*" >>'`+said+`'
case "$*" in
bench*) mkdir -p "$OUT/run" ;;
*"--only scenarios"*) echo "       ::add-mask::x"; exit 3 ;;
*) exit 1 ;;
esac
`)
	if err := os.Chmod(program, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bash", "../../scripts/gate-ci.sh")
	cmd.Env = append(os.Environ(), "AUDITPROF="+program, "OUT="+filepath.Join(t.TempDir(), "out"), "BUDGET=b.yaml", "RULES=new", "BASE_RULES=old", "LIVE=true", "GITHUB_ACTIONS=true")
	out, _ := cmd.CombinedOutput()
	if got := cmd.ProcessState.ExitCode(); got != exitFindings {
		t.Errorf("exits with %d, want %d\n%s", got, exitFindings, out)
	}
	if !strings.Contains(slurp(t, said), "--quick --canaries") {
		t.Errorf("no canaries in\n%s", slurp(t, said))
	}
	if n := strings.Count(slurp(t, said), "gate "); n != 2 {
		t.Errorf("two verdicts take %d calls, each of which reads the log again:\n%s", n, slurp(t, said))
	}
	before, after, _ := strings.Cut(string(out), "       ::add-mask::x\n")
	i := strings.LastIndex(before, "::stop-commands::")
	if i < 0 {
		t.Fatalf("commands are not stopped in\n%s", out)
	}
	token, _, _ := strings.Cut(before[i+len("::stop-commands::"):], "\n")
	if len(token) < 32 || strings.Contains(before[i:], "::"+token+"::\n") || !strings.Contains(after, "::"+token+"::\n") {
		t.Errorf("commands are not stopped where a name is printed:\n%s", out)
	}
}

// TestCIFilesName what there is: the action and the template are YAML, and every variable that they hand over is read by the script.
func TestCIFilesHandOverWhatIsRead(t *testing.T) {
	script := slurp(t, "../../scripts/gate-ci.sh")
	var action struct {
		Inputs map[string]any `yaml:"inputs"`
		Runs   struct {
			Steps []struct {
				ID  string            `yaml:"id"`
				Env map[string]string `yaml:"env"`
				Run string            `yaml:"run"`
			} `yaml:"steps"`
		} `yaml:"runs"`
	}
	if err := yaml.Unmarshal([]byte(slurp(t, "../../action.yml")), &action); err != nil {
		t.Fatal(err)
	}
	handed := 0
	for _, s := range action.Runs.Steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("a step puts an input into its script: %s", s.Run)
		}
		for name := range s.Env {
			handed++
			if !strings.Contains(script, "$"+name) && !strings.Contains(script, "${"+name) {
				t.Errorf("the script does not read %s", name)
			}
		}
	}
	if handed < 8 || len(action.Inputs) < 8 {
		t.Errorf("%d variables and %d inputs: the action is not read as it is meant", handed, len(action.Inputs))
	}
	var template map[string]any
	if err := yaml.Unmarshal([]byte(slurp(t, "../../templates/auditprof.gitlab-ci.yml")), &template); err != nil || template["auditprof-gate"] == nil {
		t.Errorf("the template has no job: %v", err)
	}
}

// TestWhatCITakesIsPinned: an action of somebody else is named by a commit, which a moved tag does not change; ours can be, in both.
func TestWhatCITakesIsPinned(t *testing.T) {
	uses := regexp.MustCompile(`uses: (\S+)`)
	for _, file := range []string{"../../action.yml", "../../examples/gate/workflow.yml"} {
		found := uses.FindAllStringSubmatch(slurp(t, file), -1)
		for _, m := range found {
			if !regexp.MustCompile(`^(auditprof/auditprof@|.*@[0-9a-f]{40}$)`).MatchString(m[1]) {
				t.Errorf("%s: %s is not named by its commit", file, m[1])
			}
		}
		if len(found) == 0 {
			t.Errorf("%s uses nothing", file)
		}
	}
	if text := slurp(t, "../../templates/auditprof.gitlab-ci.yml"); strings.Contains(text, "--branch") || !strings.Contains(text, `fetch --depth 1 https://github.com/auditprof/auditprof.git "$AUDITPROF_VERSION"`) {
		t.Error("the template cannot take a commit of auditprof")
	}
}

// Every flag is in docs/gate.md.
func TestDocsNameEveryFlagOfGate(t *testing.T) {
	docs := slurp(t, "../../docs/gate.md")
	for _, f := range strings.Fields(typed(t, "gate", "--help").out) {
		if flag := strings.Trim(f, `,.:;()"`); strings.HasPrefix(flag, "--") && flag != "--help" && !strings.Contains(docs, flag) {
			t.Errorf("docs/gate.md does not explain %s", flag)
		}
	}
}
