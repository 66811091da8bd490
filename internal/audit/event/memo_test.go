package event

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// withoutSums is a call as one that was read without a Memo.
func withoutSums(c *Call) Call {
	plain := *c
	plain.WhoSum, plain.CwdSum, plain.memo = 0, 0, nil
	plain.Names = slices.Clone(c.Names)
	for i := range plain.Names {
		plain.Names[i].Sum = 0
	}
	return plain
}

// sameByMemo reads the events of a log twice through one Memo and compares with what is read without. It returns how many calls and names
// had a sum.
func sameByMemo(t *testing.T, text []byte) (calls, names int) {
	memo := NewMemo()
	var plain, said Call
	for range 2 {
		calls, names = 0, 0
		for ev := range NewAssembler(Options{}).Events(record.NewReader(bytes.NewReader(text)), nil) {
			is, also := plain.Read(ev), memo.Read(&said, ev)
			if got := withoutSums(&said); is != also || !reflect.DeepEqual(got, plain) && len(got.Names)+len(plain.Names) > 0 {
				t.Fatalf("%s\n%+v\n%+v", ev.Records[0].Raw, got, plain)
			}
			if said.WhoSum != 0 {
				calls++
			}
			for i := range said.Names {
				names += int(said.Names[i].Sum & 1)
			}
		}
	}
	return calls, names
}

func TestMemoSaysWhatIsRead(t *testing.T) {
	eachLog(t, func(_ string, text []byte) { sameByMemo(t, text) })
	if calls, names := sameByMemo(t, recorded(t)); calls != 56838 || names != 42985 {
		t.Errorf("%d calls and %d names of the recorded log have sums", calls, names)
	}
}

// Equal sums are those of equal texts, whatever stands before them.
func TestSums(t *testing.T) {
	const who = `auid=1 uid=0 comm="x" exe="/x" key=(null)`
	const file = `name="/etc" inode=1 dev=00:01 mode=040755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`
	memo := NewMemo()
	read := func(lines ...string) (c Call) {
		if !memo.Read(&c, eventOf(lines...)) {
			t.Fatalf("no call in %q", lines)
		}
		return c
	}
	a := read("SYSCALL arch=c000003e syscall=2 pid=1 "+who, `CWD cwd="/a"`, "PATH item=0 "+file)
	b := read("PATH item=1 "+file, "SYSCALL arch=c000003e syscall=3 pid=22 "+who, `CWD cwd="/a"`)
	other := read("SYSCALL arch=c000003e syscall=2 pid=1 "+who+" ", `CWD cwd="/b"`, "PATH item=0 "+file+" ")
	odd := read("SYSCALL pid=1 x=1 "+who, `CWD x=1 cwd="/a"`, "PATH x=1 "+file)
	if a.WhoSum == 0 || a.WhoSum != b.WhoSum || a.CwdSum == 0 || a.CwdSum != b.CwdSum || a.Names[0].Sum == 0 || a.Names[0].Sum != b.Names[0].Sum {
		t.Errorf("sums of equal texts: %x %x, %x %x, %x %x", a.WhoSum, b.WhoSum, a.CwdSum, b.CwdSum, a.Names[0].Sum, b.Names[0].Sum)
	}
	if a.WhoSum == other.WhoSum || a.CwdSum == other.CwdSum || a.Names[0].Sum == other.Names[0].Sum {
		t.Error("sums of other texts are equal")
	}
	if odd.WhoSum != 0 || odd.CwdSum != 0 || odd.Names[0].Sum != 0 || odd.AUID != 1 || string(odd.Cwd.Text) != "/a" || odd.Names[0].Inode != 1 {
		t.Errorf("what is not as the kernel writes it: %+v", odd)
	}
}

// FuzzMemo: whatever a log says, a Memo says the same.
func FuzzMemo(f *testing.F) {
	f.Add([]byte(join(lines(10, 5)...) + join(lines(14, 6)...)))
	f.Fuzz(func(t *testing.T, in []byte) { sameByMemo(t, in) })
}
