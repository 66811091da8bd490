package match

import "testing"

// TestOrder is which of several rules that match wins.
func TestOrder(t *testing.T) {
	id, loader := found("/usr/bin/id", 20, "NORMAL"), found("/lib64/ld.so", 21, "NORMAL")
	passwd := found("/etc/passwd", 7, "NORMAL")
	etc, gone := found("/etc/", 2, "PARENT"), found("/etc/f", 8, "DELETE")
	for _, c := range []struct {
		what  string
		rules []string
		call  call
		want  string
	}{
		{"the first of the exit list", []string{"-a always,exit -S openat -k a", "-a always,exit -S openat -k b"}, call{fields: `key="a"`}, "0"},
		{"exit list before a later watch", []string{"-a always,exit -S openat", "-w /etc/passwd -p r"}, call{names: []string{passwd}}, "0"},
		{"a watch before a later exit rule", []string{"-w /etc/passwd -p r", "-a always,exit -S openat"}, call{names: []string{passwd}}, "0"},
		{"never in the exit list beats a later watch", []string{"-a never,exit -S all -F exe=/bin/x", "-w /etc/passwd -p r"}, call{names: []string{passwd}}, "1"},
		{"-A goes to the top", []string{"-a always,exit -S openat -k a", "-A always,exit -S openat -k b"}, call{fields: `key="b"`}, "0"},
		{"the first name decides, not the first rule", []string{"-a always,exit -F path=/lib64/ld.so -F perm=x -k a", "-a always,exit -F path=/usr/bin/id -F perm=x -k b"},
			call{nr: nrExecve, fields: `key="b"`, names: []string{id, loader}}, "1"},
		{"a never on another name does not count", []string{"-a never,exit -F path=/lib64/ld.so -F perm=x", "-a always,exit -F path=/usr/bin/id -F perm=x"},
			call{nr: nrExecve, names: []string{id, loader}}, "1"},
		{"a watch without a key carries that of the exit rule", []string{"-a always,exit -F path=/etc/passwd -F perm=r", "-a always,exit -S openat -k later"},
			call{fields: `key="later"`, names: []string{passwd}}, "0"},
		{"a watch with a key carries its own", []string{"-w /etc/passwd -p r -k own", "-a always,exit -S openat -k later"}, call{fields: `key="own"`, names: []string{passwd}}, "0"},
		{"no mask bit, no match", []string{"-a always,exit -S open", "-a always,exit -S openat"}, call{}, "1"},
		{"a number of the other machine", []string{"-a always,exit -F arch=b32 -S unlink", "-a always,exit -S all"}, call{nr: 10}, "1"},
		{"x32 is in no mask", []string{"-a always,exit -S all"}, call{nr: 1<<30 | 2}, "conflict"},
		{"a deletion is decided while there is no result", []string{"-a always,exit -F path=/etc/f -F perm=w -F success=1", "-a always,exit -S all"},
			call{nr: nrUnlink, names: []string{etc, gone}}, "1"},
		{"and without a result field by the watch", []string{"-a always,exit -F path=/etc/f -F perm=w", "-a always,exit -S all"},
			call{nr: nrUnlink, names: []string{etc, gone}}, "0"},
		{"a deletion that failed has a result", []string{"-a always,exit -F path=/etc/f -F perm=w -F success=0", "-a always,exit -S all"},
			call{nr: nrUnlink, fields: "success=no exit=-13", names: []string{etc, gone}}, "0"},
		{"dir= sees a deletion and its result", []string{"-a always,exit -F dir=/etc -F perm=w -F success=1", "-a always,exit -S all"},
			call{nr: nrUnlink, names: []string{etc, gone}}, "0"},
		{"a watch on the new name of a rename, by the old name's entry", []string{"-a always,exit -F path=/etc/g -F perm=w", "-a always,exit -F path=/etc/f -F perm=w -F exit=0", "-a always,exit -S all"},
			call{nr: nrRename, fields: "exit=0", names: []string{etc, etc, gone, found("/etc/g", 8, "CREATE")}}, "0"},
		{"a watch on a directory takes what is made in it", []string{"-a always,exit -F path=/etc -F perm=w", "-a always,exit -S all"},
			call{nr: nrUnlink, names: []string{etc, gone}}, "0"},
		{"but not what is deeper", []string{"-a always,exit -F path=/etc -F perm=w", "-a always,exit -S all"},
			call{nr: nrUnlink, names: []string{found("/etc/a/", 3, "PARENT"), found("/etc/a/f", 9, "DELETE")}}, "1"},
		{"a failed look-up is in no directory", []string{"-a always,exit -F dir=/etc -F perm=r", "-a always,exit -S all"}, call{names: []string{missed("/etc/x")}}, "1"},
		{"a key that only one rule can give", []string{"-a always,exit -S all -F gid=100 -k a", "-a always,exit -S all -k b"}, call{fields: `key="b"`}, "1"},
		{"an event is in the log, so no never rule won", []string{"-a never,exit -F gid=100", "-a always,exit -S all"}, call{}, "1"},
		{"of one file two rules keep their order while it stays", []string{"-w /etc/passwd -p r", "-a always,exit -F path=/etc/passwd -F perm=rw"}, call{names: []string{passwd}}, "0"},
		{"exit has no result", []string{"-a always,exit -S exit -F exit=0", "-a always,exit -S exit -F success!=0", "-a always,exit -S exit"},
			call{nr: nrExit, fields: "success=- exit=-"}, "2"},
	} {
		if c.call.nr == 0 {
			c.call.nr = nrOpenat
		}
		m := matcherOf(t, recent, c.rules...)
		if got := who(m.Judge(nil).Decide(c.call.read(t))); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

// TestKeysNarrow is what a key rules out, and when it contradicts the rules.
func TestKeysNarrow(t *testing.T) {
	passwd := []string{found("/etc/passwd", 7, "NORMAL")}
	for _, c := range []struct {
		what  string
		rules []string
		call  call
		want  string
		rests Assumption
	}{
		{"a key that no rule has", []string{"-a always,exit -S all -k a"}, call{fields: `key="z"`}, "conflict", 0},
		{"no key where all rules have one", []string{"-a always,exit -S all -k a"}, call{}, "conflict", 0},
		{"several keys", []string{"-a always,exit -S all -k a -k b"}, call{fields: "key=610162"}, "0", 0},
		{"only an unlikely reading explains the key", []string{"-w /srv/link -p r -k a", "-a always,exit -S openat -k b"},
			call{fields: `key="a"`, names: passwd}, "0", AssumeFlipped},
		{"two unlikely readings explain it", []string{"-w /srv/l -p r -k a", "-w /srv/m -p r -k a", "-a always,exit -S openat -k b"},
			call{fields: `key="a"`, names: passwd}, "[0 1]", AssumeFlipped},
		{"no reading explains it", []string{"-w /srv/l -p w -k a", "-a always,exit -S openat -k b"}, call{fields: `key="a"`, names: passwd}, "conflict", 0},
		{"the kernel's own record explains a call without a rule", []string{"-a always,exit -S connect -k a"},
			call{more: []string{"CONFIG_CHANGE op=set"}}, "none", 0},
		{"not one with a key", []string{"-a always,exit -S connect -k a"}, call{fields: `key="a"`, more: []string{"CONFIG_CHANGE op=set"}}, "conflict", 0},
		{"nothing explains a call without one", []string{"-a always,exit -S connect"}, call{}, "conflict", 0},
		{"but auditd's own first call", []string{"-a always,exit -S connect"}, call{fields: `comm="auditd"`}, "none", 0},
		{"a rule of the task list may", []string{"-a always,task -F uid=1000", "-a always,exit -S connect"}, call{}, "0", 0},
		{"or another", []string{"-a always,task -F uid=5", "-a always,exit -S openat"}, call{}, "[0 1]", 0},
		{"but none with fields of a call", []string{"-a always,task -F arch=b64", "-a always,exit -S openat"}, call{}, "1", 0},
	} {
		c.call.nr = nrOpenat
		d := matcherOf(t, recent, c.rules...).Judge(nil).Decide(c.call.read(t))
		if got := who(d); got != c.want || d.Rests&AssumeFlipped != c.rests {
			t.Errorf("%s: %s, rests on %v; want %s", c.what, got, d.Rests, c.want)
		}
	}
}

// TestOneAnswerInEveryWorld is that rules which ask the same get the same answer.
func TestOneAnswerInEveryWorld(t *testing.T) {
	for _, c := range []struct {
		what  string
		rules []string
		call  call
		want  string
	}{
		{"one group, asked twice", []string{"-a always,exit -S all -F gid=100", "-a always,exit -S all -F egid!=100", "-a always,exit -S all"}, call{}, "[0 1]"},
		{"both ways end at one rule", []string{"-a always,exit -S all -F gid=100 -F uid=5", "-a always,exit -S all"}, call{}, "1"},
		{"a never and its contrary", []string{"-a never,exit -S all -F gid=100", "-a always,exit -S all -F gid=100", "-a always,exit -S all"}, call{}, "2"},
		{"one name in two places", []string{"-a never,exit -F dir=/a -F perm=r", "-a always,exit -F dir=/a -F perm=r", "-a always,exit -S all"},
			call{fields: "a0=5", names: []string{found("x", 3, "NORMAL")}}, "2"},
	} {
		c.call.nr = nrOpenat
		if got := who(matcherOf(t, recent, c.rules...).Judge(nil).Decide(c.call.read(t))); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

// TestFormsOfWatch is a -w of which the text does not say whether it is a directory, or, from a listing, whether it is a never rule.
func TestFormsOfWatch(t *testing.T) {
	below := []string{found("/etc/d/f", 9, "NORMAL")}
	m := matcherOf(t, recent, "-w /etc/d -p r", "-a always,exit -S all")
	if got := who(m.Judge(nil).Decide(call{nr: nrOpenat, names: below}.read(t))); got != "0" {
		t.Errorf("a name below a -w: %s, want 0", got)
	}
	rules := rulesOf(t, "-a always,exit -F path=/etc/f -F perm=r", "-a always,exit -S all")
	never := rules[0].Forms[0]
	never.Action = 0
	rules[0].Forms = append(rules[0].Forms, never)
	m, err := New(rules, recent)
	if err != nil {
		t.Fatal(err)
	}
	c := call{nr: nrOpenat, names: []string{found("/etc/f", 9, "NORMAL")}}.read(t)
	if got := who(m.Judge(nil).Decide(c)); got != "0" {
		t.Errorf("recorded, so not by a never rule: %s, want 0", got)
	}
	if f := m.Judge(nil).Foretell(c); f.Answer != Yes || f.Rule != 0 || f.Recorded != Unknown {
		t.Errorf("foretold %+v, want rule 0, and unknown whether it records", f)
	}
}

// TestBounds is a rule that was loaded in a part of the log.
func TestBounds(t *testing.T) {
	c := call{nr: nrOpenat}.read(t) // at 1700000000.000:1
	for _, b := range []struct {
		from, until Moment
		want        string
	}{
		{Moment{}, Moment{}, "0"}, {Moment{1700000000, 0, 1}, Moment{}, "0"}, {Moment{1700000000, 0, 2}, Moment{}, "1"},
		{Moment{}, Moment{1700000000, 0, 1}, "1"}, {Moment{}, Moment{1700000000, 0, 2}, "0"}, {Moment{1600000000, 0, 900}, Moment{}, "0"},
	} {
		rules := rulesOf(t, "-a always,exit -S openat", "-a always,exit -S all")
		rules[0].From, rules[0].Until = b.from, b.until
		m, err := New(rules, recent)
		if err != nil {
			t.Fatal(err)
		}
		if got := who(m.Judge(nil).Decide(c)); got != b.want {
			t.Errorf("from %v until %v: %s, want %s", b.from, b.until, got, b.want)
		}
	}
}

// TestUnknownIDs is a user that nobody has given a number.
func TestUnknownIDs(t *testing.T) {
	for _, c := range []struct{ rule, want string }{
		{"-a always,exit -S all -F uid=4294901761", "[0 1]"}, {"-a always,exit -S all -F uid!=4294901761", "[0 1]"},
		{"-a always,exit -S all -F auid>=4294901761", "[0 1]"}, {"-a always,exit -S all -F gid=4294901761", "[0 1]"},
	} {
		rules := rulesOf(t, c.rule, "-a always,exit -S all")
		rules[0].Unknown = []UnknownID{{Field: 0, Name: "chrony"}}
		m, err := New(rules, recent)
		if err != nil {
			t.Fatal(err)
		}
		d := m.Judge(nil).Decide(call{nr: nrOpenat}.read(t))
		if got := who(d); got != c.want || d.Why&WhyID == 0 {
			t.Errorf("%s: %s because of %v, want %s", c.rule, got, d.Why, c.want)
		}
	}
}

// TestTooManyQuestions is that a decision ends.
func TestTooManyQuestions(t *testing.T) {
	var rules []string
	for _, g := range "abcdefghijklmnopqrst" {
		rules = append(rules, "-a always,exit -S all -F gid="+string('1'+g%9)+"00"+string('0'+g%10)+" -F egid="+string('1'+g%7)+"0"+string('0'+g%8)+"1")
	}
	rules = append(rules, "-a always,exit -S all")
	d := matcherOf(t, recent, rules...).Judge(nil).Decide(call{nr: nrOpenat}.read(t))
	if d.Answer != Unknown || d.Why&WhyGroup == 0 {
		t.Errorf("decided %v because of %v, want unknown", d.Answer, d.Why)
	}
}
