package scenarios

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func usersOf(t *testing.T, text string) Users {
	t.Helper()
	f, err := parse("x", text)
	must(t, err)
	return f.Users
}

func TestUsersAreRead(t *testing.T) {
	f, err := parse("shop", "users: [{user: www-data, weight: 3}, {user: nobody, weight: 1}]\nop: visit\nmix: {stat: 1}\n")
	must(t, err)
	if want := []User{{"www-data", 3}, {"nobody", 1}}; !slices.Equal(f.Users.List(), want) || f.Account != "" || f.Op != "visit (2 users)" {
		t.Errorf("%+v", f.Info)
	}
	if n := len(usersOf(t, "mix: {stat: 1}").List()); n != 0 {
		t.Errorf("%d users where the file names none", n)
	}
}

// TestOldDigestsStay: a file of one user is told apart by the digest that it always had.
func TestOldDigestsStay(t *testing.T) {
	info, err := Read("x.yaml", "user: nobody\nmix: {stat: 1}\n")
	must(t, err)
	if got, want := info.Digest(), "c821484391094ec5f24d9fa16cbf3583a4c3b5272aa157b0de83ae3421453102"; got != want {
		t.Errorf("%s, it was %s", got, want)
	}
}

// TestEveryOperationHasOneUser: shares add up, every cycle has those of the weights, a part of one comes near, and each is due when it is due.
func TestEveryOperationHasOneUser(t *testing.T) {
	u := usersOf(t, "users: [{user: a, weight: 500}, {user: b, weight: 300}, {user: c, weight: 1}]\nmix: {stat: 1}\n")
	for _, ops := range []uint64{0, 1, 2, 8, 100, 801, 802, 8010, 123_457} {
		sum := uint64(0)
		for i, n := range u.Shares(ops) {
			sum += n
			if want := float64(ops) * float64(u[i].Weight) / 801; float64(n) < want-2 || float64(n) > want+2 {
				t.Errorf("%d of %d operations for %v, %.1f are its share", n, ops, u[i], want)
			}
		}
		if sum != ops {
			t.Errorf("shares %v of %d operations", u.Shares(ops), ops)
		}
	}
	if got := u.Shares(1602); !slices.Equal(got, []uint64{1000, 600, 2}) {
		t.Errorf("two cycles are dealt out as %v", got)
	}
	const ops = 2000
	due := map[int64]int{}
	for i, n := range u.Shares(ops) {
		own := ConstantRate{OpsPerSecond: 1000, turns: &u.turns()[i]}
		for k := range n {
			ns, scheduled := own.Due(k)
			if due[ns]++; !scheduled {
				t.Fatal("not scheduled")
			}
		}
	}
	for i := range uint64(ops) {
		ns, _ := ConstantRate{OpsPerSecond: 1000}.Due(i)
		if due[ns] != 1 {
			t.Errorf("operation %d is done by %d users", i, due[ns])
		}
	}
}

// TestUsersOfTheSameWeightTakeTurns: a pilot of few operations has work for all.
func TestUsersOfTheSameWeightTakeTurns(t *testing.T) {
	u := usersOf(t, "users: [{user: a, weight: 1000}, {user: b, weight: 1000}]\nmix: {stat: 1}\n")
	if got := u.Shares(100); !slices.Equal(got, []uint64{50, 50}) {
		t.Errorf("%v", got)
	}
}

func TestSpecSaysWhichUser(t *testing.T) {
	const two = "users: [{user: a, weight: 1}, {user: b, weight: 1}]\nmix: {stat: 1}\n"
	for _, c := range []struct {
		text string
		user int
		ok   bool
	}{{two, 0, false}, {two, 1, true}, {two, 2, true}, {two, 3, false}, {two, -1, false}, {"mix: {stat: 1}", 0, true}, {"mix: {stat: 1}", 1, false}} {
		_, err := Spec{Scenario: "x", Definition: c.text, User: c.user}.scenario(scenario{})
		if (err == nil) != c.ok || err != nil && !strings.Contains(err.Error(), "once for each") {
			t.Errorf("user %d of %q: %v", c.user, c.text, err)
		}
	}
}

// TestUsersDoTheirShares runs a process for each of two users, as root with their accounts, and adds up what they did.
func TestUsersDoTheirShares(t *testing.T) {
	needRoot(t)
	const text = "users: [{user: nobody, weight: 3}, {user: daemon, weight: 1}]\nmix: {create: 1, unlink: 1, stat: 2, open-denied: 1}\nfiles: {count: 5}\n"
	u := usersOf(t, text)
	shares := u.Shares(100)
	var outcomes []Outcome
	var deals []map[string]uint64
	for i, uid := range []int{nobody, 1} {
		dir := workDir(t, uid)
		must(t, os.Chmod(dir, 0o700))
		p := launch(t, "/proc/self/exe", "shop", DefinedWord)
		p.tell(Spec{Scenario: "shop", Definition: text, Dir: dir, Binary: copyBinary(t, "shop"), UID: uint32(uid), GID: uint32(uid), Seed: 7, User: i + 1})
		p.ready()
		var st unix.Stat_t
		if err := unix.Stat(filepath.Join(dir, WorkName, "d000"), &st); err != nil || int(st.Uid) != uid {
			t.Errorf("files of user %d belong to %d: %v", uid, st.Uid, err)
		}
		o := p.order(shares[i])
		outcomes, deals = append(outcomes, o), append(deals, o.Expected)
		p.end(0)
		wantEmpty(t, dir)
	}
	all, err := Together(outcomes)
	must(t, err)
	done := uint64(0)
	for _, n := range all.Expected {
		done += n
	}
	if all.Ops != 100 || done != 100 || all.LatencyCount != 100 || all.CPUNs != outcomes[0].CPUNs+outcomes[1].CPUNs ||
		all.LatencyMaxNs != max(outcomes[0].LatencyMaxNs, outcomes[1].LatencyMaxNs) {
		t.Errorf("together %+v of %v", all, deals)
	}
}

// TestTogetherRefusesTimesThatCannotBe: what users say of their clocks is their word.
func TestTogetherRefusesTimesThatCannotBe(t *testing.T) {
	lines := []string{`{"ops":1,"wall_ns":5,"began_ns":9223372036854775807}`, `{"ops":1,"wall_ns":9223372036854775807,"began_ns":5}`}
	for _, line := range lines {
		var o Outcome
		must(t, json.Unmarshal([]byte(line), &o))
		if all, err := Together([]Outcome{o}); err == nil {
			t.Errorf("%s makes %+v", line, all)
		}
	}
	if all, err := Together([]Outcome{{Ops: 1, WallNs: 10, BeganNs: 100}, {Ops: 2, WallNs: 10, BeganNs: 105}}); err != nil || all.WallNs != 15 || all.Ops != 3 || all.BeganNs != 100 {
		t.Errorf("%+v %v", all, err)
	}
	if _, err := Together([]Outcome{{Ops: 1, WallNs: 10, Latency: "HISTxxxx"}}); err == nil {
		t.Error("a histogram that is none is added up")
	}
}
