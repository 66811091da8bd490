package redact

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/testrun"
)

// secrets are what no redacted value may hold, and texts that hold them.
var secrets = []string{"zaphod42", "betelgeuse77", "heart-of-gold", "hunter22", "10.42.42.42", "424242"}

var planted = []string{
	"/home/zaphod42/betelgeuse77",
	"-a always,exit -F dir=/home/zaphod42/betelgeuse77 -F auid=424242 -k heart-of-gold",
	`type=EXECVE msg=audit(1.2:3): argc=1 a0="hunter22"`,
	"rsync --to heart-of-gold.example /home/zaphod42/betelgeuse77/ by zaphod42",
	`type=USER_LOGIN msg=audit(1.2:3): auid=424242 msg='acct="zaphod42" hostname=heart-of-gold addr=10.42.42.42'`,
}

func options() Options { return Options{Hosts: []string{"heart-of-gold"}} }

func check(t *testing.T, what string, redacted any) {
	t.Helper()
	out, err := json.Marshal(redacted)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range secrets {
		if i := strings.Index(string(out), secret); i >= 0 {
			t.Errorf("%s: %q is still there: ...%s", what, secret, out[max(0, i-150):min(len(out), i+50)])
		}
	}
}

// Whatever field of a result holds a name, it is gone; the original is as it was, and the copy has as much in it.
func TestNoFieldKeepsANames(t *testing.T) {
	for _, text := range planted {
		run, slots := testrun.Filled[*result.Run](text), testrun.Filled[[]result.Slot](text)
		p, a := testrun.Filled[*analyze.Profile](text), testrun.Filled[*advice.Advice](text)
		r := New(options())
		check(t, "run", r.Run(run))
		check(t, "slots", r.Slots(slots))
		check(t, "profile", r.Profile(p))
		check(t, "advice", r.Advice(a))
		if !reflect.DeepEqual(run, testrun.Filled[*result.Run](text)) || !reflect.DeepEqual(p, testrun.Filled[*analyze.Profile](text)) {
			t.Error("the original was changed")
		}
	}
}

func TestRunNamesItsHostOnly(t *testing.T) {
	run := &result.Run{Environment: result.Environment{Host: "db1.corp.example", Kernel: "6.12.48", WorkUID: 1017, BootID: "b"},
		Arms:     []result.Arm{{Name: "site", Files: []string{"/home/alice/My Rules/site.rules"}}},
		Warnings: []result.Warning{{Text: "db1 is busy: alice logged in"}},
		Trust:    result.Trust{AA: map[string]result.Metric{"exec-storm": {Value: 1}}}}
	got := Run(run)
	if e := got.Environment; e.Host != "host-1" || e.Kernel != "6.12.48" || e.BootID != "boot-1" || e.WorkUID != 1001 {
		t.Errorf("%+v", e)
	}
	if got.Arms[0].Files[0] != "/home/user-2/path-1/path-2" || got.Warnings[0].Text != "host-1 is busy: user-2 logged in" || got.Trust.AA["exec-storm"].Value != 1 {
		t.Errorf("%+v", got)
	}
}

// Whether two runs are of one boot is kept: what they cost hangs on it. Which boot it was is not.
func TestBootsAreToldApart(t *testing.T) {
	r := New(Options{})
	var got []string
	for _, id := range []string{"0a1b", "0a1b", "ffff", "", "boot-7"} {
		got = append(got, r.Run(&result.Run{Environment: result.Environment{BootID: id}}).Environment.BootID)
	}
	if strings.Join(got, ",") != "boot-1,boot-1,boot-2,,boot-7" {
		t.Error(got)
	}
}

func TestProfileKeepsItsTreeAndItsUsers(t *testing.T) {
	p := &analyze.Profile{
		Window: analyze.Window{Hosts: []analyze.Host{{Name: "a.example"}, {Name: "b.example"}}, Silence: analyze.Hole{Host: "b.example"}},
		Users: analyze.Users{Rows: []analyze.UserCount{{User: analyze.User{AUID: "1017", UID: "0"}, AUIDName: "alice", UIDName: "root"},
			{User: analyze.User{AUID: "unset", UID: "999"}, UIDName: "postgres"}}},
		Cells: []analyze.Cell{{User: analyze.User{AUID: "1017", UID: "1018"}, Exe: "/home/alice/bin/a tool"}},
		Paths: analyze.Paths{Rows: []analyze.PathCount{{Path: "/home"}, {Path: "/home/alice"}, {Path: "/home/alice/b"}, {Path: "/home/alice/b/c"}, {Path: "/usr"}}},
	}
	got := Profile(p)
	u := got.Users.Rows
	if u[0].AUID != u[0].AUIDName || u[0].UIDName != "root" || u[1].UID != "999" || u[1].UIDName != "postgres" || got.Cells[0].AUID != u[0].AUID {
		t.Errorf("%+v %+v", u, got.Cells)
	}
	rows := got.Paths.Rows
	if !strings.HasPrefix(rows[3].Path, rows[2].Path+"/") || !strings.HasPrefix(rows[2].Path, "/home/"+u[0].AUID+"/") || rows[4].Path != "/usr" {
		t.Errorf("%+v", rows)
	}
	if !strings.HasPrefix(got.Cells[0].Exe, "/home/"+u[0].AUID+"/") || got.Window.Hosts[1].Name != got.Window.Silence.Host {
		t.Errorf("%+v", got)
	}
}

func TestSlotsKeepTheirHistograms(t *testing.T) {
	const h = "HISTFAAAACN42pNpmSzMwMDAxQABTFCaEUzOmNZg/wEiws/OBADEUgY="
	got := New(options()).Slots([]result.Slot{{Latency: h}, {Latency: "HISTFAAA zaphod42"}})
	if got[0].Latency != h || got[1].Latency != "" {
		t.Errorf("%+v", got)
	}
}

// Comments of rule files are for colleagues; rules are what a report is about.
func TestCommentsLoseAddresses(t *testing.T) {
	run := &result.Run{Arms: []result.Arm{{Sources: []result.Source{{File: "a.rules", Lines: []string{"# owner: jo.do+x@corp.example, see https://wiki.corp.example/S?q=1 or 10.1.2.30",
		"-w /etc/passwd -p wa -k id@v1.2"}}}}}}
	got := Run(run).Arms[0].Sources[0].Lines
	if got[0] != "# owner: (address), see (address) or (address)" || got[1] != "-w /etc/passwd -p wa -k id@v1.2" {
		t.Errorf("%q", got)
	}
}

func TestCommandsLoseTheirArguments(t *testing.T) {
	got := Run(&result.Run{Unit: &result.Unit{Name: "pg.service", Metric: "curl -u me:hunter22 http://x"}})
	if got.Unit.Metric != "curl (arguments)" || got.Unit.Name != "pg.service" {
		t.Errorf("%+v", got.Unit)
	}
}
