package rule

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/auditprof/auditprof/internal/livetest"
)

func dir(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// order is what auditctl would execute, line by line.
func order(s *Set) []string {
	var out []string
	for _, l := range s.Order {
		out = append(out, l.Text)
	}
	return out
}

// sampleDir has every line that augenrules moves, drops or keeps in place.
var sampleDir = map[string]string{
	"10-base.rules": "## base\n-D\n-b 100\n-f 0\n\n-e 1\n-w /first\n",
	"9-early.rules": "-w /early\n-r 5\n-D -k old\n--backlog_wait_time 0\n",
	"99-last.rules": "-e 2\n-b 8192\n-w /last\n-f 1\n-c\n-i\n",
	"notes.txt":     "-w /ignored\n",
	"50-x.rules~":   "-w /backup\n",
	".hidden.rules": "-w /hidden\n",
	"empty.rules":   "",
	"20-mid.rules":  "# only a comment\n-D\n",
}

func TestParseDir(t *testing.T) {
	s, err := ParseDir("/etc/audit/rules.d", dir(sampleDir))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"-D", "-b 8192", "-f 1", "-w /early", "-r 5", "-D -k old", "--backlog_wait_time 0", "-w /first", "-w /last", "-c", "-i", "-e 2"}
	if got := order(s); !slices.Equal(got, want) {
		t.Errorf("order\n%q\nwant\n%q", got, want)
	}
	if got := s.Order[0].Pos.String(); got != "/etc/audit/rules.d/20-mid.rules:2:1" {
		t.Errorf("the -D that wins is at %s", got)
	}
	if got := s.Rules()[1].Pos.String(); got != "/etc/audit/rules.d/10-base.rules:7:1" {
		t.Errorf("the second rule is at %s", got)
	}
	if len(s.Files) != 5 || s.Files[1].String() != sampleDir["10-base.rules"] {
		t.Errorf("%d files", len(s.Files))
	}
}

// With gawk \s is a blank; mawk leaves such lines in their place.
func TestParseDirHoistsWithBlanks(t *testing.T) {
	s, err := ParseDir("d", dir(map[string]string{"a.rules": " -e 1\n-w /x\n-D  \n-e1\n"}))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := order(s), []string{"-D  ", "-w /x", "-e1"}; !slices.Equal(got, want) {
		t.Errorf("order %q, want %q", got, want)
	}
}

func TestParseDirRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"glued":      {map[string]string{"1.rules": "-w /a", "2.rules": "-w /b\n"}, "d/1.rules:1:6: no line end at the end of the file, augenrules joins this line with the first of 2.rules: a final newline"},
		"comment":    {map[string]string{"1.rules": "# end", "2.rules": "-w /b\n"}, "d/1.rules:1:6: no line end"},
		"over empty": {map[string]string{"1.rules": "-w /a", "2.rules": "", "3.rules": "-w /b\n"}, "joins this line with the first of 3.rules"},
		"blank":      {map[string]string{"a b.rules": "-w /a\n"}, "d/a b.rules: file name with a blank"},
		"binary":     {map[string]string{"a.rules": "\x7fELF\x00"}, "d/a.rules:1:5: binary content"},
		"bad line":   {map[string]string{"a.rules": "-w /a\n", "b.rules": "\n-w b\n"}, "d/b.rules:2:4: watch path"},
		"large":      {map[string]string{"a.rules": strings.Repeat("#", 4000) + "\n", "b.rules": strings.Repeat(" ", MaxFileBytes)}, "d/b.rules: more than 16 MiB"},
	} {
		_, err := ParseDir("d", dir(c.files))
		var list Errors
		if !errors.As(err, &list) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", name, err, c.want)
		}
	}
	for name, files := range map[string]map[string]string{
		"last without an end": {"1.rules": "-w /a\n", "2.rules": "-w /b"},
		"empty line follows":  {"1.rules": "-w /a", "2.rules": "\n-w /b\n"},
		"empty file follows":  {"1.rules": "-w /a", "2.rules": ""},
	} {
		if _, err := ParseDir("d", dir(files)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseDirTakesRegularFilesOnly(t *testing.T) {
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "x.rules"), 0o700); err != nil {
		t.Fatal(err)
	}
	if s, err := ParseDir("d", os.DirFS(root)); err != nil || len(s.Files) != 0 {
		t.Errorf("a directory named *.rules: %v", err)
	}
	if err := os.Symlink("/dev/zero", filepath.Join(root, "z.rules")); err != nil {
		t.Fatal(err)
	}
	if _, err := ParseDir("d", os.DirFS(root)); err == nil || !strings.HasPrefix(err.Error(), "d/z.rules: not a regular file") {
		t.Errorf("a device: %v", err)
	}
	if _, err := ParseDir("gone", os.DirFS(filepath.Join(root, "gone"))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
}

// hardNames are what version sorts differ in.
var hardNames = strings.Fields(`1.rules 01.rules 001.rules 10.rules 2.rules 9-a.rules 09-a.rules 10-a.rules a.rules A.rules B.rules b.rules
	a1.rules a01.rules a1b.rules a1.b.rules a1.2.rules a-1.rules a_1.rules a+1.rules a~1.rules a~.rules ~a.rules a.rules.rules a.b.rules
	a.1.rules a.10.rules a.9.rules aa.rules ab.rules 30-stig.rules 30-ospp-v42.rules 30-ospp-v42-1-create-failed.rules 30-nispom.rules
	30-ospp-v42-1-create-success.rules 99-finalize.rules 1-1.rules 1.1.rules 1a.rules 100.rules 99999999999999999999999.rules
	99999999999999999999998.rules x.tar.gz.rules x-1.0.tar.rules x-1.0.rules x-1.rules 0.rules 00.rules z0z.rules z00z.rules é.rules #.rules`)

func TestVersionOrderIsThatOfLs(t *testing.T) {
	root := t.TempDir()
	for _, name := range hardNames {
		if err := os.WriteFile(filepath.Join(root, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("ls", "-1v", root)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "QUOTING_STYLE=literal")
	out, err := cmd.Output()
	if err != nil {
		livetest.Missing(t, "ls -v of GNU coreutils: "+err.Error())
	}
	got, err := rulesFiles("d", os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Fields(string(out)); !slices.Equal(got, want) {
		t.Errorf("got\n%q\nls -1v says\n%q", got, want)
	}
}

func TestVersionOrder(t *testing.T) {
	names := []string{"~a.rules", "0.rules", "1.rules", "1-1.rules", "2.rules", "9-a.rules", "10-a.rules", "A.rules", "a.rules", "a1.rules", "a2.rules", "a10.rules"}
	got := slices.Clone(names)
	slices.Reverse(got)
	slices.SortFunc(got, compareVersions)
	if !slices.Equal(got, names) {
		t.Errorf("got %q, want %q", got, names)
	}
}

// The installed augenrules, told to read and write below a temporary directory, puts the lines in the same order.
func TestParseDirIsAugenrules(t *testing.T) {
	script, err := os.ReadFile("/usr/sbin/augenrules")
	if err != nil {
		livetest.Missing(t, "augenrules: install auditd")
	}
	root := t.TempDir()
	source, made := filepath.Join(root, "rules.d"), filepath.Join(root, "audit.rules")
	text := strings.NewReplacer("SourceRulesDir=/etc/audit/rules.d", "SourceRulesDir="+source, "DestinationFile=/etc/audit/audit.rules", "DestinationFile="+made,
		"/tmp/aurules", root+"/aurules").Replace(string(script))
	if strings.Contains(text, "=/etc/audit") || !strings.Contains(text, source) {
		t.Skip("this augenrules names its files in another way: the test cannot lead it elsewhere")
	}
	copied := filepath.Join(root, "augenrules")
	if err := os.WriteFile(copied, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(source, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range sampleDir {
		if err := os.WriteFile(filepath.Join(source, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("/bin/sh", copied).CombinedOutput(); err != nil {
		t.Fatalf("augenrules: %v\n%s", err, out)
	}
	f, err := os.Open(made)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	theirs, err := ParseFile(made, f)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := ParseDir(source, os.DirFS(source))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := order(ours), order(theirs); !slices.Equal(got, want) {
		t.Errorf("got\n%q\naugenrules says\n%q", got, want)
	}
}
