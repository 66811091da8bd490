package scenarios

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestParse(t *testing.T) {
	f, err := parse("dir/My mix.yaml", `
imitates: Ours.
session: login
user: www-data
rate: 250
files: {dirs: 3, max_bytes: 100, max_depth: 4}
io_bytes: 8
mix:
  stat: 3
  read-zero: 1
`)
	must(t, err)
	want := Info{Name: "my-mix", Imitates: "Ours.", Hurts: "Whatever of it the rules record.", Op: "operation", Session: SessionLogin, Account: "www-data",
		PilotOps: 500, MaxOps: defaultMaxOps, Timed: true, FixedTime: true, OpsPerSecond: 250}
	if f.Info != want {
		t.Errorf("%+v\nwant %+v", f.Info, want)
	}
	mix := mix{files: filePool{dirs: 3, files: 300, minBytes: 100, maxBytes: 8192, minDepth: 1, maxDepth: 4}, ioBytes: 8, ops: []weighted{{"stat", 3}, {"read-zero", 1}}}
	mix.files.maxBytes = 100
	if !reflect.DeepEqual(f.mix, mix) {
		t.Errorf("%+v\nwant %+v", f.mix, mix)
	}
	f, err = parse("x.yml", "name: zip\ncommand: [gzip, -k, a]\nprepare: [[dd, of=a], [sync]]\ncleanup: [[rm, a]]\nsources: {a.txt: hello}\n")
	must(t, err)
	c := command{argv: []string{"gzip", "-k", "a"}, prepare: [][]string{{"dd", "of=a"}, {"sync"}}, cleanup: [][]string{{"rm", "a"}}, sources: []source{{"a.txt", "hello"}}}
	if !reflect.DeepEqual(f.command, c) || f.Name != "zip" || f.PilotOps != 1 || !f.Timed || f.FixedTime {
		t.Errorf("%+v %+v", f.Info, f.command)
	}
}

// refusals are texts that are none, with the place and the word that the error must have.
var refusals = []struct{ text, want string }{
	{"", "x: empty"},
	{"a: [", "x:1: not YAML"},
	{"[]", "x:1:1: a scenario is a mapping"},
	{"mix: {stat: 1}\n---\nmix: {stat: 1}\n", "x:2:1: a second document"},
	{"mix: &a {stat: 1}\nfiles: *a\n", "x:2:8: *a is an alias"},
	{"mix: {stat: 1}\nraet: 5\n", "x:2:1: a scenario has no field raet: did you mean rate"},
	{"mix: {stat: 1}\nmix: {stat: 1}\n", "x:2:1: mix is here a second time"},
	{"mix: {stta: 1}\n", "x:1:7: no operation stta: did you mean stat"},
	{"mix: {mine-bitcoin: 1}\n", "it is one of create, append"},
	{"mix: {stat: 0}\n", "x:1:13: weight of stat is \"0\": a whole number from 1 to 1000"},
	{"mix: {stat: 1.5}\n", "weight of stat"},
	{"mix: {stat: [1]}\n", "weight of stat is a list"},
	{"mix: {}\n", "x:1:6: mix takes fields"},
	{"mix: 3\n", "x:1:6: mix takes fields"},
	{"mix: {[a]: 3}\n", "x:1:7: a field's name is a list"},
	{"mix: {unlink: 2, create: 1}\n", "x:1:6: the weights of create"},
	{"mix: {create: 2, unlink: 1}\n", "x:1:6: the weights of create"},
	{"mix: {mkdir: 2}\n", "x:1:6: the weight of mkdir"},
	{"mix: {getppid: 1}\nfiles: {dirs: 1}\n", "x:2:8: files are given"},
	{"mix: {getppid: 1}\nio_bytes: 4\n", "x:2:11: io_bytes is given"},
	{"command: [true]\nio_bytes: 4\n", "x:2:11: io_bytes is given"},
	{"mix: {stat: 1}\nrate: 5\ntimed: false\n", "x:3:8: timed is false"},
	{"mix: {stat: 1}\nfiles: {min_bytes: 9, max_bytes: 8}\n", "x:2:8: files of 9 to 8"},
	{"mix: {stat: 1}\nfiles: {min_depth: 9, max_depth: 8}\n", "x:2:8: paths 9 to 8"},
	{"mix: {stat: 1}\nfiles: {count: 20000, max_bytes: 1048576}\n", "x:2:8: 20000 files"},
	{"mix: {stat: 1}\nfiles: {count: 1000000}\n", "x:2:16: files.count"},
	{"mix: {stat: 1}\nfiles: {sise: 1}\n", "x:2:9: files has no field sise"},
	{"mix: {stat: 1}\nfiles: {prefix: ../x}\n", "x:2:17: files.prefix ../x: the beginning"},
	{"mix: {stat: 1}\nfiles: {prefix: a/../../x}\n", "x:2:17: files.prefix a/../../x"},
	{"mix: {stat: 1}\nfiles: {prefix: ./x}\n", "x:2:17: files.prefix ./x"},
	{"mix: {stat: 1}\nfiles: {prefix: a//x}\n", "x:2:17: files.prefix a//x"},
	{"mix: {stat: 1}\nfiles: {prefix: /etc/x}\n", "x:2:17: files.prefix /etc/x"},
	{"mix: {stat: 1}\nfiles: {prefix: \"a\\0b\"}\n", "x:2:17: files.prefix holds"},
	{"mix: {stat: 1}\nfiles: {prefix: \"a\\nb\"}\n", "x:2:17: files.prefix holds"},
	{"mix: {stat: 1}\nfiles: {prefix: a b}\n", "x:2:17: files.prefix a b"},
	{"mix: {stat: 1}\nfiles: {prefix: " + strings.Repeat("a", 65) + "}\n", "x:2:17: files.prefix aaa"},
	{"mix: {stat: 1}\nfiles: {prefix: " + strings.Repeat("a/", 21) + "}\n", "x:2:17: files.prefix a/a/"},
	{"mix: {stat: 1}\nfiles: {prefix: " + strings.Repeat("aa/", 67) + "}\n", "x:2:17: files.prefix has 201 bytes"},
	{"mix: {stat: 1}\nfiles: {prefix: 16384}\n", "x:2:17: files.prefix takes a text"},
	{"mix: {stat: 1}\nfiles: {prefix: denied/x}\n", "denied is what operations make"},
	{"mix: {stat: 1}\nfiles: {suffix: /x}\n", "x:2:17: files.suffix /x: the end"},
	{"mix: {stat: 1}\nfiles: {suffix: ''}\n", "x:2:17: files.suffix takes a text"},
	{"mix: {stat: 1}\nfiles: {suffix: \"\\e[31m\"}\n", "x:2:17: files.suffix holds"},
	{"mix: {stat: 1}\nfiles: {prefix: a/, dirs: 3}\n", "x:2:8: files.prefix names the folder"},
	{"mix: {stat: 1}\nfiles: {prefix: a/b, max_depth: 3}\n", "x:2:8: files.prefix names the folder"},
	{"mix: {getppid: 1}\nfiles: {prefix: a}\n", "x:2:8: files are given"},
	{"imitates: x\n", "neither a mix nor a command"},
	{"mix: {stat: 1}\ncommand: [true]\n", "x:1:6: a mix and a command"},
	{"mix: {stat: 1}\nprepare: [[true]]\n", "go with a command"},
	{"command: [true]\nfiles: {dirs: 1}\n", "x:2:8: files are for a mix"},
	{"command: rm -rf /\n", "x:1:10: command takes a list"},
	{"command: []\n", "command takes a list"},
	{"command: [../sh]\n", "x:1:11: program ../sh"},
	{"command: [a/b]\n", "x:1:11: program a/b"},
	{"command: [{a: b}]\n", "an argument of command is a mapping"},
	{"command: [true, \"a\\0b\"]\n", "an argument of command"},
	{"command: [true]\nprepare: [true]\n", "x:2:11: prepare takes a list"},
	{"command: [true]\nsources: {../x: y}\n", "x:2:11: source ../x"},
	{"command: [true]\nsources: {a: [y]}\n", "source a takes a text"},
	{"mix: {stat: 1}\nname: ../x\n", "x:2:7: name ../x"},
	{"mix: {stat: 1}\nname: A\n", "x:2:7: name A"},
	{"mix: {stat: \"1\"}\n", "weight of stat"},
	{"mix: {stat: 010}\n", "weight of stat"},
	{"mix: {stat: 1}\nrate: '5'\n", "x:2:7: rate is"},
	{"mix: {stat: 1}\nname: 5\n", "x:2:7: name takes a text"},
	{"mix: {stat: 1}\ntimed: 'true'\n", "x:2:8: timed is"},
	{strings.Repeat("[", MaxFileBytes), "x:"},
	{strings.Repeat("{a: ", 3000), "x:"},
	{"mix: {stat: 1}\nname: [a]\n", "x:2:7: name takes a text, this is a list"},
	{"mix: {stat: 1}\nuser: root\n", "x:2:7: user root"},
	{"mix: {stat: 1}\nuser: a:b\n", "x:2:7: user a:b"},
	{"mix: {stat: 1}\nusers: nobody\n", "x:2:8: users takes a list of 1 to 16"},
	{"mix: {stat: 1}\nusers: []\n", "x:2:8: users takes a list of 1 to 16"},
	{"mix: {stat: 1}\nusers: [" + strings.Repeat("{user: a, weight: 1},", 17) + "]\n", "users takes a list of 1 to 16"},
	{"mix: {stat: 1}\nusers: [nobody]\n", "x:2:9: one of users takes fields with values, this is \"nobody\""},
	{"mix: {stat: 1}\nusers: [{user: root, weight: 1}]\n", "x:2:16: user root"},
	{"mix: {stat: 1}\nusers: [{user: ../a, weight: 1}]\n", "x:2:16: user ../a"},
	{"mix: {stat: 1}\nusers: [{user: a, weight: 0}]\n", "x:2:27: weight is \"0\": a whole number from 1 to 1000"},
	{"mix: {stat: 1}\nusers: [{user: a, weight: -1}]\n", "x:2:27: weight is"},
	{"mix: {stat: 1}\nusers: [{user: a}]\n", "x:2:9: one of users has a user and a weight"},
	{"mix: {stat: 1}\nusers: [{weight: 1}]\n", "x:2:9: one of users has a user and a weight"},
	{"mix: {stat: 1}\nusers: [{user: a, weihgt: 1}]\n", "x:2:19: one of users has no field weihgt: did you mean weight"},
	{"mix: {stat: 1}\nusers: [{user: a, weight: 1}, {user: a, weight: 2}]\n", "x:2:31: user a is here a second time"},
	{"user: b\nmix: {stat: 1}\nusers: [{user: a, weight: 1}]\n", "x:3:8: user and users: give one of them"},
	{"workers: 2\nmix: {stat: 1}\nusers: [{user: a, weight: 1}]\n", "x:1:10: workers and users"},
	{"command: [true]\nusers: [{user: a, weight: 1}]\n", "x:2:8: users are for a mix"},
	{"mix: {stat: 1}\nusers: [{user: a, weight: 1}, {user: b, weight: 1}]\nfiles: {count: 2000, max_bytes: 100000}\n", "2000 files of up to 100000 bytes for each of 2 users: at most"},
	{"mix: {stat: 1}\nsession: ssh\n", "x:2:10: session is \"ssh\": service or login"},
	{"mix: {stat: 1}\nrate: fast\n", "x:2:7: rate is \"fast\""},
	{"mix: {stat: 1}\nrate: .nan\n", "x:2:7: rate is"},
	{"mix: {stat: 1}\nrate: 0.5\n", "x:2:7: rate is"},
	{"mix: {stat: 1}\nrate: 2e6\n", "x:2:7: rate is"},
	{"mix: {stat: 1}\nworkers: 0\n", "x:2:10: workers is \"0\": a whole number from 1 to 64"},
	{"mix: {stat: 1}\nworkers: 65\n", "workers is"},
	{"workers: 64\nmix: {stat: 1}\nfiles: {count: 1000, max_bytes: 100000}\n", "1000 files of up to 100000 bytes for each of 64 workers: at most"},
	{"mix: {stat: 1}\npilot_ops: -1\n", "x:2:12: pilot_ops"},
	{"mix: {stat: 1}\npilot_ops: 5\nmax_ops: 4\n", "pilot_ops 5 is more than max_ops 4"},
	{"mix: {stat: 1}\nneeds: ../cc\n", "x:2:8: needs ../cc"},
	{"mix: {stat: 1}\ntimed: maybe\n", "x:2:8: timed is \"maybe\""},
	{"mix: {stat: 1}\nimitates: \"a\\e[31mb\"\n", "x:2:11: imitates holds"},
	{"mix: {stat: 1}\nhurts: " + strings.Repeat("x", 301) + "\n", "hurts has 301 bytes"},
	{"mix: {stat: 1}\nop: ''\n", "op takes a text"},
	{"mix: {stat: 1} # " + strings.Repeat("x", MaxFileBytes), "a scenario has at most"},
	{"mix: {stat: 1} # \xff", "not UTF-8"},
	{"command: [" + strings.Repeat("[],", maxNodes) + "]", "more than 4000 values"},
}

func TestRefusals(t *testing.T) {
	for _, c := range refusals {
		f, err := parse("x", c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60q: %+v, error %v, want %q", c.text, f, err, c.want)
			continue
		}
		var at *Error
		if !errors.As(err, &at) || at.File != "x" {
			t.Errorf("%.60q: %v has no place", c.text, err)
		}
	}
}

// A pilot of one worker knows nothing of the others: each does one of the command's operations.
func TestPilotsOfWorkers(t *testing.T) {
	f, err := parse("x", "workers: 8\ncommand: ['true']\n")
	must(t, err)
	if f.PilotOps != 8 {
		t.Errorf("%d operations in the pilot of 8 workers", f.PilotOps)
	}
}

// TestAllErrorsAtOnce: one reading tells all that is wrong, in a bounded number of lines.
func TestAllErrorsAtOnce(t *testing.T) {
	_, err := parse("x", "rat: 1\nmix: {a: 1, b: 1}\nname: B\n")
	if n := strings.Count(err.Error(), "\n") + 1; n != 4 {
		t.Errorf("%d errors: %v", n, err)
	}
	_, err = parse("x", "mix: {"+strings.Repeat("zz: 1, ", 3)+strings.Join(strings.Split(strings.Repeat("q", 40), ""), "1: 1, ")+": 1}")
	if n := strings.Count(err.Error(), "\n") + 1; n > maxErrors {
		t.Errorf("%d errors", n)
	}
}

func TestChoose(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.yaml")
	must(t, os.WriteFile(file, []byte("mix: {stat: 1}\n"), 0o600))
	other := filepath.Join(t.TempDir(), "mine.yaml")
	must(t, os.WriteFile(other, []byte("mix: {read: 1}\n"), 0o600))
	taken := filepath.Join(t.TempDir(), "idle.yaml")
	must(t, os.WriteFile(taken, []byte("mix: {read: 1}\n"), 0o600))
	at := filepath.Join(t.TempDir(), "me@host")
	must(t, os.Mkdir(at, 0o700))
	for _, name := range []string{"mine.yaml", "it@v2.yml"} {
		must(t, os.WriteFile(filepath.Join(at, name), []byte("mix: {stat: 1}\n"), 0o600))
	}
	fifo := filepath.Join(at, "fifo.yaml")
	must(t, unix.Mkfifo(fifo, 0o600))
	names := func(words ...string) string {
		list, err := Choose(words)
		if err != nil {
			return err.Error()
		}
		var names []string
		for _, i := range list {
			names = append(names, i.Name)
		}
		return strings.Join(names, " ")
	}
	eight := "db-churn connect-storm exec-storm exec-storm-login file-churn file-churn-login null-syscall idle"
	for _, c := range []struct{ words, want string }{
		{"", eight},
		{"idle idle null-syscall", "idle null-syscall"},
		{"exec-storm@400 exec-storm exec-storm@1600", "exec-storm@400 exec-storm exec-storm@1600"},
		{file + " idle", "mine idle"},
		{file + "@30.5", "mine@30.5"},
		{file + " " + file, "mine"},
		{at + "/mine.yaml", "mine"},
		{at + "/mine.yaml@30", "mine@30"},
		{at + "/it@v2.yml", "it-v2"},
		{fifo, "no regular file"},
		{file + " " + other, "two different scenarios are called mine"},
		{taken, "name idle is taken"},
		{"exec-strom", "did you mean exec-storm"},
		{"exec-storm@0", "as exec-storm@400"},
		{"exec-storm@x", "as exec-storm@400"},
		{"exec-storm@", "as exec-storm@400"},
		{"./nosuch.yaml", "no such file"},
		{"/dev/null", "no regular file"},
		{filepath.Dir(file), "no regular file"},
	} {
		if got := names(strings.Fields(c.words)...); !strings.Contains(got, c.want) {
			t.Errorf("%q: %s, want %s", c.words, got, c.want)
		}
	}
	if got := names(AllWord); !strings.HasPrefix(got, eight+" rdwr ") || strings.Contains(got, "pgbench") || strings.Contains(got, "compile-cc") {
		t.Errorf("all: %s", got)
	}
	slow, err := Lookup("exec-storm@400")
	must(t, err)
	if slow.OpsPerSecond != 400 || !slow.FixedTime || !slow.Timed || slow.PilotOps != 800 {
		t.Errorf("%+v", slow)
	}
}

// FuzzParse: what is accepted makes a scenario that can be described, and reads the same a second time.
func FuzzParse(f *testing.F) {
	for _, c := range refusals {
		f.Add(c.text)
	}
	for _, s := range shipped {
		if text, err := Source(s.name); err == nil {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := parse("x", text)
		if err != nil {
			var at *Error
			if !errors.As(err, &at) {
				t.Fatalf("an error without a place: %v", err)
			}
			return
		}
		if !legalName.MatchString(d.Name) || d.PilotOps < 1 || d.PilotOps > d.MaxOps || (len(d.mix.ops) == 0) == (len(d.command.argv) == 0) || d.Account == "root" {
			t.Fatalf("%+v", d.Info)
		}
		for _, s := range d.command.sources {
			if strings.Contains(s.name, "/") || strings.HasPrefix(s.name, ".") {
				t.Fatalf("source %q", s.name)
			}
		}
		if p := d.mix.files; p.folder != "" && !filepath.IsLocal(p.folder) || strings.ContainsAny(p.folder+p.prefix+p.suffix, "\x00\n") || strings.Contains(p.prefix+p.suffix, "/") {
			t.Fatalf("files %+v", p)
		}
		again, err := parse("x", text)
		if err != nil || again.Info != d.Info || !reflect.DeepEqual(again.mix, d.mix) {
			t.Fatalf("the second time %v %+v", err, again)
		}
	})
}

func TestDigestTellsFilesApart(t *testing.T) {
	digest := func(text string) string {
		info, err := Read("x.yaml", text)
		must(t, err)
		return info.Digest()
	}
	one := digest("mix: {stat: 1}")
	if len(one) != 64 || one != digest("mix: {stat: 1}") || one == digest("mix: {stat: 2}") || (Info{Name: "idle"}).Digest() != "" {
		t.Error(one)
	}
}
