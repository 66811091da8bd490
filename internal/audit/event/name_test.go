package event

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/record"
)

func TestNames(t *testing.T) {
	quoted := func(s string) record.Value { return record.Value{Text: []byte(s), Quote: '"'} }
	bare := func(s string) record.Value { return record.Value{Text: []byte(s)} }
	caps := ` cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0`
	for _, c := range []struct {
		body string
		want Name
	}{
		{`item=3 name="/dev/vda" inode=18446744073709551615 dev=fd:1a2b mode=060660 ouid=0 ogid=6 rdev=fe:10 obj=u:r:t:s0 nametype=NORMAL` + caps,
			Name{Item: 3, Name: quoted("/dev/vda"), HasName: true, HasInode: true, Inode: 1<<64 - 1, DevMajor: 0xfd, DevMinor: 0x1a2b,
				Mode: 0o60660, OGID: 6, RdevMajor: 0xfe, RdevMinor: 0x10, Obj: bare("u:r:t:s0"), Type: NameNormal}},
		{`item=0 name=2F612062 nametype=DELETE` + caps, Name{Name: bare("2F612062"), HasName: true, Type: NameDelete}},
		{`item=0 name=(null) inode=5 dev=00:19 mode=0100644 ouid=1 ogid=4294967295 rdev=00:00 nametype=CREATE cap_fp=00000000a80425fb cap_fi=0 cap_fe=1 cap_fver=2 cap_frootid=0`,
			Name{Name: bare("(null)"), HasInode: true, Inode: 5, DevMinor: 0x19, Mode: 0o100644, OUID: 1, OGID: 1<<32 - 1, Type: NameCreate}},
		{`item=0 name="/gone" nametype=UNKNOWN cap_fp=? cap_fi=? cap_fe=? cap_fver=? cap_frootid=?`, Name{Name: quoted("/gone"), HasName: true}},
		{`item=0 name="/tmp" inode=2 dev=fd:00 mode=041777 ouid=0 ogid=0 rdev=00:00 objtype=PARENT`, // Linux 3.10 of RHEL 7
			Name{Name: quoted("/tmp"), HasName: true, HasInode: true, Inode: 2, DevMajor: 0xfd, Mode: 0o41777, Type: NameParent}},
		{`name="/x" dev=fd:00 item=0`, Name{Name: quoted("/x"), HasName: true, DevMajor: 0xfd}},
		{`item=0 name="/x" dev=fd0 mode=9 ouid=-1 nametype=SOON`, Name{Name: quoted("/x"), HasName: true}},
		{`item=4294967296 name="/x" inode=x dev=100000000:0`, Name{Name: quoted("/x"), HasName: true}},
		{``, Name{}},
	} {
		got := callOf(t, `SYSCALL syscall=1`, `PATH `+c.body).Names
		if len(got) != 1 || !reflect.DeepEqual(got[0], c.want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", c.body, got, c.want)
		}
	}
}

// Lines may come in any order; the kernel numbers them. Names without a number stay where they are.
func TestNamesByItem(t *testing.T) {
	c := callOf(t, `PATH item=2 name="c"`, `SYSCALL syscall=1`, `PATH item=0 name="a"`, `PATH item=1 name="b"`, `PATH name="d"`)
	got := ""
	for _, n := range c.Names {
		got += fmt.Sprintf("%d%s ", n.Item, n.Name.Text)
	}
	if got != "0a 1b 2c 3d " {
		t.Errorf("got %s", got)
	}
	for _, typ := range []NameType{NameUnknown, NameNormal, NameParent, NameDelete, NameCreate} {
		if nameType([]byte(typ.String())) != typ {
			t.Errorf("%d does not come back from %s", typ, typ)
		}
	}
}
