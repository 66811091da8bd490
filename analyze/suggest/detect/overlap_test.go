package detect

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// oldRules are those whose events random changes take away.
var oldRules = []string{
	"-w /etc -p wa -k files", "-w /root/.ssh -p rwxa -k ssh", "-a always,exit -F arch=b64 -S connect,bind -F success=1 -k net",
	"-a always,exit -F arch=b64 -S execve -F auid>=1000 -F auid!=-1 -k people", "-a always,exit -S all -F exe=/usr/bin/bash -k shell", "-a always,exit -S all -k all",
}

// TestWhatIsTakenOverlaps is the promise of the package: where a change takes an event away that is one of a detection's, Losses names the
// detection. Events, rules and changes are random; whether an event is taken away is what match foretells.
func TestWhatIsTakenOverlaps(t *testing.T) {
	seeds := 6
	if text := os.Getenv("AUDITPROF_DETECT_SEEDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		seeds = n
	}
	p := &promise{kinds: map[suggest.Kind]int{}, sources: map[Source]int{}}
	for seed := range seeds {
		p.check(t, rand.New(rand.NewPCG(uint64(seed), 7)))
	}
	t.Logf("%d events taken away, by change %v, that were of %d detections, by source %v; %d detections were untouched", p.taken, p.kinds, p.of, p.sources, p.spared)
	for kind := suggest.Exit; kind <= suggest.Narrow; kind++ {
		if kind != suggest.Filesystem && p.kinds[kind] == 0 {
			t.Errorf("no event was taken away by a change of the kind %s: the test sees nothing", kind)
		}
	}
	for _, s := range []Source{FromBuiltin, FromKeep, FromSigma} {
		if p.sources[s] == 0 {
			t.Errorf("no event that was taken away was of a detection of the kind %s", s)
		}
	}
	if p.spared == 0 {
		t.Error("every change overlaps with every detection")
	}
}

// promise counts what was tried.
type promise struct {
	taken, of, spared, wrong int
	kinds                    map[suggest.Kind]int
	sources                  map[Source]int
}

func (p *promise) check(t *testing.T, rng *rand.Rand) {
	host := Host{}
	keeps, err := readYAML("random.yaml", randomKeep(rng, 60), host, FromKeep)
	if err != nil {
		t.Fatal(err)
	}
	sigma, err := ReadSigma("testdata/sigma", host)
	if err != nil {
		t.Fatal(err)
	}
	var rules []match.Rule
	held := oldRules[:len(oldRules)-rng.IntN(2)] // without the last, which records everything, what the others leave is gone
	for _, line := range held {
		rules = append(rules, wire(t, line))
	}
	set := New(host, rules, Builtin(host), keeps, sigma.Detections)
	before, err := match.New(rules, match.Host{})
	if err != nil {
		t.Fatal(err)
	}
	for range 60 {
		c := randomChange(rng, len(rules))
		after, err := match.New(changed(t, rules, c), match.Host{})
		if err != nil {
			t.Fatal(err)
		}
		losses := set.Losses(c)
		p.spared += len(set.detections) - len(losses)
		lost := map[string]bool{}
		for _, l := range losses {
			lost[l.Detection.Name] = true
		}
		for range 60 {
			p.event(t, set, c, lost, happen(rng), before.Judge(nil), after.Judge(nil))
		}
	}
}

// event holds one event against the losses of a change.
func (p *promise) event(t *testing.T, set *Set, c *suggest.Change, lost map[string]bool, h *happening, before, after *match.Judge) {
	text := h.text("(null)")
	_, call := readEvent(t, text)
	if call != nil {
		f := before.Foretell(call)
		if f.Answer != match.Yes {
			return
		}
		text = h.text(strconv.Quote(oldKey(f.Rule)))
	}
	ev, call := readEvent(t, text)
	was, wasThere := set.sighted(ev, call)
	left := remains(t, ev, call, after)
	if left == text || remains(t, ev, call, before) != text {
		return
	}
	p.taken++
	p.kinds[c.Kind]++
	var still []Answer
	if left != "" {
		lev, lcall := readEvent(t, left)
		still, _ = set.sighted(lev, lcall)
	}
	for d := range was {
		if !wasThere[d] || still != nil && still[d] == Yes {
			continue
		}
		p.of++
		p.sources[set.detections[d].Source]++
		if det := &set.detections[d]; !lost[det.Name] && p.wrong < 3 {
			p.wrong++
			t.Errorf("%q loses an event and is not said to\n%s\nchange %s (before rule %v)\n%sleft:\n%s", det.Name, strings.Join(det.Conditions(), "\n or "),
				strings.Join(c.Lines(), "\n"), c.Quiets, text, left)
		}
	}
}

func oldKey(r int) string {
	_, key, _ := strings.Cut(oldRules[r], "-k ")
	return key
}

// sighted asks all conditions about an event.
func (s *Set) sighted(ev *event.Event, c *event.Call) (best []Answer, sure []bool) {
	x := s.index.sight
	x.look(ev, c)
	for i := range s.detections {
		most := No
		for n := range s.detections[i].conds {
			most = max(most, s.detections[i].conds[n].matches(x))
		}
		best, sure = append(best, most), append(sure, most == Yes)
	}
	return best, sure
}

// remains is what a rule set would surely write of an event: what it may leave out counts as gone.
func remains(t *testing.T, ev *event.Event, c *event.Call, judge *match.Judge) string {
	t.Helper()
	if c == nil {
		c = new(event.Call)
		c.Read(ev)
	}
	var b strings.Builder
	for i, fate := range judge.Foretell(c).Records {
		if fate == match.Yes {
			b.Write(ev.Records[i].Raw)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// changed is the rules with a change made.
func changed(t *testing.T, rules []match.Rule, c *suggest.Change) []match.Rule {
	t.Helper()
	var front, out []match.Rule
	for _, line := range c.Lines() {
		front = append(front, wire(t, line))
	}
	for i, r := range rules {
		if len(c.Quiets) > 0 && i == c.Quiets[0] {
			out = append(out, front...)
			if c.Kind == suggest.Narrow {
				continue
			}
		}
		out = append(out, r)
	}
	if len(c.Quiets) == 0 && front[0].Forms[0].List < rule.ListExit {
		return append(front, out...)
	}
	if len(c.Quiets) == 0 {
		out = append(out, front...)
	}
	return out
}

func randomChange(rng *rand.Rand, rules int) *suggest.Change {
	switch rng.IntN(10) {
	case 0, 1:
		c := &suggest.Change{Kind: suggest.Exclude, MsgType: one(rng, []string{"SYSCALL", "PATH", "CWD", "EXECVE", "SOCKADDR", "PROCTITLE", "USER_CMD", "ADD_USER"})}
		c.Conds = randomConds(rng, "uid", "auid", "exe")
		return c
	case 2:
		return &suggest.Change{Kind: suggest.User, MsgType: one(rng, someTypes), Conds: randomConds(rng, "uid", "auid", "exe")}
	case 3, 4:
		return randomNarrow(rng, rules)
	}
	c := &suggest.Change{Kind: suggest.Exit, Quiets: []int{rng.IntN(rules)}}
	for _, arch := range []string{"b64", "b32"} {
		if arch == "b64" || rng.IntN(3) == 0 {
			c.Calls = append(c.Calls, suggest.Calls{Arch: arch, Names: randomCalls(rng, arch)})
		}
	}
	c.Conds = randomConds(rng, "uid", "auid", "euid", "success", "exe", one(rng, []string{"dir", "path"}), "a1", "saddr_fam", "exit")
	return c
}

func randomCalls(rng *rand.Rand, arch string) []string {
	var out []string
	if rng.IntN(3) > 0 { // few calls, of which dir= may say where the file is
		few := []string{"open", "openat", "openat2", "unlink", "unlinkat", "chmod", "fchmodat", "mkdir", "creat", "truncate", "setxattr"}
		return []string{one(rng, few), one(rng, few)}
	}
	for _, name := range someCalls {
		if rng.IntN(2) == 0 && (arch == "b64" || name != "connect" && name != "bind") {
			out = append(out, name)
		}
	}
	if len(out) == 0 {
		return []string{"open"}
	}
	return out
}

func randomConds(rng *rand.Rand, fields ...string) []suggest.Cond {
	var out []suggest.Cond
	for _, f := range fields {
		if rng.IntN(4) != 0 {
			continue
		}
		c := suggest.Cond{Field: f, Op: "="}
		switch f {
		case "uid", "euid":
			c.Value = fmt.Sprint(one(rng, someUsers))
			c.Op = one(rng, []string{"=", "=", "!=", ">=", "<"})
		case "auid":
			c.Value, c.Op = fmt.Sprint(one(rng, someLogin)), one(rng, []string{"=", "=", "!="})
		case "success":
			c.Value = one(rng, []string{"0", "1"})
		case "exit":
			c.Value = "-13"
		case "exe":
			c.Value, c.Op = one(rng, someExes), one(rng, []string{"=", "=", "=", "!="})
		case "path":
			c.Value = one(rng, []string{"/var/lib/pg/main/1", "/etc/passwd", "/run/x/s", "/etc/cron.d", "/root/.ssh/authorized_keys"})
		case "dir":
			c.Value = one(rng, someDirs)
		case "a1":
			c.Value, c.Op = one(rng, []string{"1024", "2", "511"}), one(rng, []string{"<", "=", "&"})
		case "saddr_fam":
			c.Value = one(rng, []string{"1", "2"})
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return []suggest.Cond{{Field: "uid", Op: "=", Value: "26"}}
	}
	return out
}

// randomNarrow is a narrower form of a rule, sometimes of one that is none.
func randomNarrow(rng *rand.Rand, rules int) *suggest.Change {
	forms := [][]string{
		{"-w /etc -p a -k files", "-a always,exit -F arch=b64 -S all -F dir=/etc -F perm=w -F key=files", "-a always,exit -F dir=/etc -F perm=wa -F auid>=1000 -F auid!=-1 -F key=files"},
		{"-w /root/.ssh -p wa -k ssh", "-w /root/.ssh -p r -k ssh", "-a always,exit -F dir=/root/.ssh -F perm=rwxa -F success=1 -F key=ssh"},
		{"-a always,exit -F arch=b64 -S connect -F success=1 -k net", "-a always,exit -F arch=b64 -S connect,bind -F success=1 -F auid>=1000 -k net"},
		{"-a always,exit -F arch=b64 -S execve -F auid>=1000 -F auid!=-1 -F success=1 -k people"},
		{"-a always,exit -S all -F exe=/usr/bin/bash -F auid!=-1 -k shell"},
		{"-a always,exit -F arch=b64 -S open,openat,rename -k all", "-a always,exit -S all -F success=1 -k all", "-a always,exit -S all -F uid!=26 -k all"},
	}
	n := rng.IntN(rules)
	c := &suggest.Change{Kind: suggest.Narrow, Quiets: []int{n}, Text: []string{one(rng, forms[n])}}
	if rng.IntN(3) == 0 && n == len(forms)-1 {
		c.Text = append(c.Text, one(rng, forms[n]))
	}
	return c
}

// randomKeep is a keep file with conditions over all fields.
func randomKeep(rng *rand.Rand, n int) string {
	values := map[string][]string{
		"exe": {"/usr/bin/bash", "/usr/lib/pg/bin/*", "**/sh", "/usr/bin/sh", "/tmp/**"}, "comm": {"bash", "post*"},
		"syscall": someCalls, "access": {"read", "write", "attr", "exec", "delete"},
		"path": {"/etc/passwd", "/etc/**", "~/.ssh/**", "/tmp/*", "**/id", "/run/x/**", "/var/lib/pg/main/**", "/var/lib/pg/*", "/etc/cron*/**"},
		"user": {"0", "1000", "people"}, "uid": {"26", "0-999", "set"}, "euid": {"0", "1-4294967294"}, "auid": {"set", "unset", "people"},
		"success": {"true", "false"}, "key": {"all", "files", "shell"}, "type": {"USER_CMD", "PATH", "EXECVE", "SOCKADDR", "ADD_USER"},
		"arg": {"main", "*b"}, "a1": {"&06000", "0-511", "2"}, "a2": {"&1", "420"}, "family": {"unix", "inet"}, "port": {"4444", "9000-9100"}, "address": {"10.0.0.0/8", "2001:db8::1"},
	}
	fields := []string{"exe", "comm", "syscall", "path", "access", "user", "uid", "euid", "auid", "success", "key", "type", "arg", "a1", "a2", "family", "port", "address"}
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "- name: random %d\n", i)
		rng.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
		for _, f := range fields[:1+rng.IntN(3)] {
			list := values[f]
			fmt.Fprintf(&b, "  %s: [%q, %q]\n", f, one(rng, list), one(rng, list))
		}
	}
	return b.String()
}
