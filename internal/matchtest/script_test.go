package matchtest

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

func TestPlansOfOneSeedAreAlike(t *testing.T) {
	for name, style := range Styles {
		a, b := NewPlan(7, "/tmp/x/tree", style, 300), NewPlan(7, "/tmp/x/tree", style, 300)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("style %s: two plans of one seed differ", name)
		}
		if c := NewPlan(8, "/tmp/x/tree", style, 300); reflect.DeepEqual(a.Script, c.Script) || reflect.DeepEqual(a.Rules, c.Rules) {
			t.Errorf("style %s: two seeds give one plan", name)
		}
	}
}

// TestRulesLeaveOthersAlone: a rule that records or silences calls must be one that only actors can match, and none is on the task list.
func TestRulesLeaveOthersAlone(t *testing.T) {
	facts := Facts{PID: 100, PPID: 99, Session: 5, Exe: "/tmp/x/actor", Inode: func(string) uint64 { return 4711 }}
	lists, ops, fields := map[rule.List]int{}, map[string]int{}, map[string]int{}
	refused := 0
	for seed := range uint64(300) {
		for _, style := range Styles {
			p := NewPlan(seed, "/tmp/x/tree", style, 1)
			if n := len(p.Rules) - len(CatchAll()); n < 5 || n > 60 {
				t.Fatalf("seed %d: %d rules", seed, n)
			}
			for _, line := range p.Rules {
				line = facts.Line(line, "/tmp/x/tree")
				l, err := parseLine(line, nil)
				if err != nil {
					refused++
					continue
				}
				lists[l.Wire.List]++
				for _, f := range l.Rule.Fields {
					ops[f.Op]++
					fields[f.Name]++
				}
				if l.Wire.List == rule.ListExit && !private(l, "/tmp/x/") {
					t.Errorf("%s: other processes can match it", line)
				}
			}
		}
	}
	if refused > 20 {
		t.Errorf("%d rules do not compile", refused)
	}
	for _, l := range []rule.List{rule.ListExit, rule.ListExclude, rule.ListUser, rule.ListFilesystem} {
		if lists[l] == 0 {
			t.Errorf("no rule on the list %s", l)
		}
	}
	for _, op := range strings.Fields(bitOp) {
		if ops[op] == 0 {
			t.Errorf("no rule with the operator %s", op)
		}
	}
	for _, f := range strings.Fields(`pid ppid uid euid suid fsuid gid egid sgid fsgid auid sessionid pers arch exit success a0 a1 a2 a3 devmajor devminor inode
		path dir perm filetype obj_uid obj_gid exe saddr_fam msgtype fstype`) {
		if fields[f] == 0 {
			t.Errorf("no rule with the field %s", f)
		}
	}
}

// private is the generator's promise once more, from the compiled side: an id that only actors have, a place in the tree, or a login uid,
// which services do not have.
func private(l Loaded, below string) bool {
	for _, f := range l.Rule.Fields {
		switch {
		case f.Name == "path" || f.Name == "dir" || f.Name == "exe" && f.Op == "=":
			if strings.HasPrefix(f.Value, below) {
				return true
			}
		case f.Name == "auid" && (f.Op == "!=" && (f.Value == "unset" || f.Value == "-1" || f.Value == "4294967295") || f.Op == "=" && strings.HasPrefix(f.Value, "7")):
			return true
		case f.Op == "=" && (strings.HasPrefix(f.Value, "71") || f.Name == "sessionid" && f.Value == "5"):
			return true
		}
	}
	return strings.HasPrefix(l.Rule.Watch.Text, below)
}

func TestScriptSurvivesItsFile(t *testing.T) {
	p := NewPlan(3, "/tmp/x/tree", Styles["mixed"], 800)
	text, err := json.Marshal(p.Script)
	if err != nil {
		t.Fatal(err)
	}
	var back Script
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	a, err := flatten(p.Script)
	if err != nil {
		t.Fatal(err)
	}
	b, err := flatten(back)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Error("the layout of a script that was written and read again differs")
	}
}

// TestOperationOfACall finds each operation again by what the kernel logs of it: the number and four registers.
func TestOperationOfACall(t *testing.T) {
	l, err := flatten(NewPlan(3, "/tmp/x/tree", Styles["mixed"], 800).Script)
	if err != nil {
		t.Fatal(err)
	}
	silent := 0
	for i, o := range l.ops {
		a := [4]uint64{uint64(o.args[0]), uint64(o.args[1]), uint64(o.args[2]), uint64(o.args[3])}
		if o.kind == opFork || o.kind == opExit {
			a[3] = uint64(o.cell)
		}
		switch n := l.operation(o.kind == opCompat, uint32(o.number), a); n {
		case i:
		case -1:
			silent++
		default:
			t.Fatalf("operation %d, %s, is taken for %d, %s", i, o.name, n, l.ops[n].name)
		}
	}
	if silent > len(l.ops)/20 {
		t.Errorf("%d of %d operations cannot be found again", silent, len(l.ops))
	}
	if n := l.operation(false, 15, [4]uint64{0, 1, 2, ArenaBase}); n != -1 {
		t.Errorf("the end of a signal handler is taken for operation %d", n)
	}
}

func TestScriptsThatAreRefused(t *testing.T) {
	for name, s := range map[string]Script{
		"a signal to everybody":          {{call("kill", num(-1), num(9))}},
		"a signal to init":               {{call("kill", num(1), num(0))}},
		"a thread of somebody":           {{call("tgkill", num(5), num(5), num(9))}},
		"a rule for the kernel":          {{call("sendto", res(0), data(append([]byte{17, 0, 0, 0, 0xf3, 3}, make([]byte, 11)...)), num(17))}},
		"a message and more":             {{call("sendto", num(3), data(append([]byte{17, 0, 0, 0, 0xed, 3}, make([]byte, 31)...)), num(37))}},
		"a message in pieces":            {{call("sendmsg", num(3), data(nil), num(0))}},
		"no such call":                   {{call("openn", str("x"))}},
		"no such call of 32 bits":        {{{Name: "newfstatat", Compat: true}}},
		"seven arguments":                {{call("mmap", num(0), num(0), num(0), num(0), num(0), num(0), num(0))}},
		"the result of a call to come":   {{call("close", res(1)), call("getpid")}},
		"an argument of an unknown kind": {{call("close", Arg{Kind: 99})}},
		"in a child":                     {{{Name: "clone", Child: Script{{call("kill", num(-1), num(9))}}}}},
	} {
		if _, err := flatten(s); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := flatten(Script{{{Name: "clone", NoWait: true}, call("kill", res(0), num(9))}}); err != nil {
		t.Errorf("a signal to a child: %v", err)
	}
}

func TestRelative(t *testing.T) {
	for _, c := range [][3]string{
		{"/a/b", "/a/b/c", "c"}, {"/a/b", "/a/c/d", "../c/d"}, {"/a/b", "/a/b", "."}, {"/a/b", "/x", "../../x"}, {"/a/b", "/a", ".."}, {"/a/bc", "/a/b/x", "../b/x"},
		{"/a", "/a//f", "f"}, {"/a/b", "/a//f", "../f"},
	} {
		if got := strings.TrimSuffix(relative(c[0], c[1]), "/"); got != c[2] {
			t.Errorf("%s from %s is %q, want %q", c[1], c[0], got, c[2])
		}
	}
}

func TestShrinkKeepsWhatIsBad(t *testing.T) {
	p := NewPlan(11, "/tmp/x/tree", Styles["mixed"], 400)
	bad := p.Rules[len(p.Rules)/2]
	var deed string // a call that one step of one child makes
	for _, step := range p.Script {
		if len(step) == 1 && len(step[0].Child) > 5 {
			deed = step[0].Child[5][0].Name
		}
	}
	small := Shrink(p, 500, func(q Plan) bool {
		return strings.Contains(strings.Join(q.Rules, "\n"), bad) && calls(q.Script, deed)
	})
	if len(small.Rules) != 1+len(CatchAll()) || small.Script.Calls() > 2 || !calls(small.Script, deed) {
		t.Errorf("%d rules and %d calls are left: %v", len(small.Rules), small.Script.Calls(), small.Script)
	}
	asked := 0
	Shrink(p, 7, func(Plan) bool { asked++; return false })
	if asked > 7 {
		t.Errorf("asked %d times, 7 were allowed", asked)
	}
}

func calls(s Script, name string) bool {
	for _, step := range s {
		for _, c := range step {
			if c.Name == name || calls(c.Child, name) {
				return true
			}
		}
	}
	return false
}

func TestReduce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 100 {
		list := rng.Perm(1 + rng.IntN(40))
		a, b := list[rng.IntN(len(list))], list[rng.IntN(len(list))]
		has := func(l []int, v int) bool {
			for _, x := range l {
				if x == v {
					return true
				}
			}
			return false
		}
		got := reduce(list, func(l []int) bool { return has(l, a) && has(l, b) })
		if want := map[bool]int{true: 1, false: 2}[a == b]; len(got) != want || !has(got, a) || !has(got, b) {
			t.Fatalf("of %v is left %v, want %d and %d", list, got, a, b)
		}
	}
}
