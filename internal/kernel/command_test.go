package kernel

import (
	"reflect"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

func TestCommand(t *testing.T) {
	all := rule.Wire{List: rule.ListExit, Action: rule.ActionNever}
	for i := range all.Mask {
		all.Mask[i] = ^uint32(0)
	}
	open := rule.Wire{List: rule.ListExit, Action: rule.ActionAlways, Fields: []rule.WireField{
		{Type: fieldPerm, Op: rule.OpEqual, Value: 15}, {Type: fieldArch, Op: rule.OpEqual, Value: 0xc000003e},
		{Type: fieldExit, Op: rule.OpEqual, Value: 0xfffffff3}, {Type: fieldCompare, Op: 0x30000000, Value: 1}}}
	open.Mask[0], open.Mask[8] = 1<<2, 1<<1
	open, _ = open.WithExtraKey("my key")
	open, _ = open.WithExtraKey(`b\c`)
	for _, c := range []struct {
		w    rule.Wire
		want string
	}{
		{all, "-a never,exit -S all"},
		{open, `-a always,exit -F perm=rwxa -F arch=b64 -S 2,257 -F exit=-13 -C uid!=obj_uid -F key=my\ key -F key=b\\c`},
		{NoContextRule(), "-a never,task -F pers=524288"},
		{rule.Wire{List: rule.ListExclude, Action: rule.ActionAlways, Mask: all.Mask,
			Fields: []rule.WireField{{Type: 12, Op: 0x60000000, Value: 1300}, {Type: fieldFiletype, Op: rule.OpEqual, Value: 0o040000}}},
			"-a always,exclude -F msgtype>=1300 -F filetype=dir"},
		{rule.Wire{List: 9, Action: 9, Fields: []rule.WireField{{Type: 99, Op: 1, Value: 3}, {Type: fieldArch, Op: rule.OpEqual, Value: 0x16}}},
			"-a 9,list-9 -F field99?3 -F arch=0x16"},
	} {
		if got := Command(c.w); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestShellLine(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"auditctl", "-F", "auid>=1000"}, "auditctl -F 'auid>=1000'"},
		{[]string{"a b", "it's", "", "$x", "/etc/x-1_2.conf,y=%+@:"}, `'a b' 'it'\''s' '' '$x' /etc/x-1_2.conf,y=%+@:`},
	} {
		if got := shellLine(c.args...); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestStateCommands(t *testing.T) {
	s := State{Rules: []rule.Wire{NoContextRule()}, Enabled: 1, Failure: 2, RateLimit: 3, BacklogLimit: 4, BacklogWaitTime: 5}
	want := []string{"auditctl --backlog_wait_time 0", "auditctl -D", "auditctl -a never,task -F pers=524288", "auditctl -r 3",
		"auditctl -b 4", "auditctl --backlog_wait_time 5", "auditctl -e 1", "auditctl -f 2"}
	if got := s.Commands(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}
