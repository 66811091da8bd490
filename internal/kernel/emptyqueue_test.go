package kernel

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

// panicking restores a state with failure 2 on a host whose auditd, this process, runs on.
func panicking(k *fakeKernel) error {
	k.pid = uint32(os.Getpid())
	return bring{door: k, beat: func() {}, keepGoing: true, hostAuditd: true}.to(foundState())
}

func TestPanicIsPutBackLastAndWithAnEmptyQueue(t *testing.T) {
	k := benched()
	k.backlogs, k.unreads = []uint32{900, 3, 0, 0, 1, 0}, []int64{0, 4096, 0, 512, 0, 0}
	if err := panicking(k); err != nil {
		t.Fatal(err)
	}
	changes := k.changes()
	if got, want := changes[len(changes)-3:], []string{"failure = 1", "enabled = 1", "failure = 2"}; !reflect.DeepEqual(got, want) {
		t.Errorf("the last changes are %q, want %q", got, want)
	}
	if k.panicked {
		t.Error("failure 2 was set while records waited")
	}
}

func TestPanicIsNotPutBackWhileRecordsWait(t *testing.T) {
	emptyWithin = 120 * time.Millisecond
	defer func() { emptyWithin = 5 * time.Second }()
	for name, prepare := range map[string]func(*fakeKernel){
		"backlog": func(k *fakeKernel) {
			for range 100 {
				k.backlogs = append(k.backlogs, 7)
			}
		},
		"auditd does not read": func(k *fakeKernel) {
			for range 100 {
				k.unreads = append(k.unreads, 64)
			}
		},
		"socket cannot be seen": func(k *fakeKernel) { k.fail["unread"] = failure{errors.New("not listed"), 1} },
	} {
		k := benched()
		prepare(k)
		err := panicking(k)
		if err == nil || !strings.Contains(err.Error(), "not put back to panic") || k.state.Failure != FailPrintk {
			t.Errorf("%s: %v, failure %d", name, err, k.state.Failure)
		}
		if k.state.Enabled != EnabledOn || len(k.state.Rules) != len(foundState().Rules) {
			t.Errorf("%s: the rest is not restored: %+v", name, k.state)
		}
	}
}

func TestPanicIsNotPutBackWithoutTheHostsAuditd(t *testing.T) {
	k := benched()
	err := bring{door: k, beat: func() {}, keepGoing: true, hostAuditd: true}.to(foundState())
	if err == nil || !strings.Contains(err.Error(), "auditd ended") || k.state.Failure != FailPrintk {
		t.Errorf("%v, failure %d", err, k.state.Failure)
	}
}

func TestFailureIsLoweredBeforeAnythingElse(t *testing.T) {
	for found, want := range map[uint32][]string{
		FailPanic:  {"failure = 1", "add first -a never,task -F pers=524288", "start", "delete "},
		FailPrintk: {"add first -a never,task -F pers=524288", "start", "delete "},
		FailSilent: {"add first -a never,task -F pers=524288", "start", "delete "},
	} {
		k := &fakeKernel{fail: map[string]failure{}, state: State{Failure: found}}
		err := firstChanges(k, k.state, "", func() error { return k.call("start") })
		if got := k.changes(); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("failure %d: %q, %v, want %q", found, got, err, want)
		}
	}
}

func TestNothingIsChangedWhereFailureCannotBeLowered(t *testing.T) {
	k := &fakeKernel{fail: map[string]failure{"failure = 1": {os.ErrPermission, 1}}, state: State{Failure: FailPanic}}
	err := firstChanges(k, k.state, "", func() error { return k.call("start") })
	if !errors.Is(err, os.ErrPermission) || len(k.calls) != 1 {
		t.Errorf("%v after %q", err, k.calls)
	}
}

func TestAuditSocketBytes(t *testing.T) {
	const table = `sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode
000000007b39d1fb 9   14119      00000000 0        0        0     2        0        2200368
0000000052ec03a6 9   3487384705 00000000 4352     0        0     2        0        2200388
000000003e56cebe 15  14119      00000000 77       0        0     2        0        2200390
short line
`
	for _, c := range []struct {
		inodes string
		want   int64
		ok     bool
	}{
		{"2200368", 0, true}, {"2200388", 4352, true}, {"2200368 2200388 2200390", 4352, true}, {"2200390", 0, false}, {"", 0, false}, {"Inode", 0, false},
	} {
		inodes := map[string]bool{}
		for _, i := range strings.Fields(c.inodes) {
			inodes[i] = true
		}
		got, err := auditSocketBytes(table, inodes)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("%q: %d, %v", c.inodes, got, err)
		}
	}
	if _, err := auditSocketBytes("x 9 1 0 many 0 0 2 0 5\n", map[string]bool{"5": true}); err == nil {
		t.Error("a number that is none was taken")
	}
}
