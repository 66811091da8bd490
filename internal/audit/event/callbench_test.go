package event

import (
	"bytes"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// BenchmarkCall reads one event: SYSCALL, CWD and PATH; of root, of a user with a security context, and in an order that nobody expects.
func BenchmarkCall(b *testing.B) {
	const head = `SYSCALL arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffd3a12c0 a2=80000 a3=0 items=1 ppid=4763 pid=4781 `
	const path = `PATH item=0 name="/etc/passwd" inode=1311 dev=fd:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 `
	const caps = `nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0`
	for _, c := range []struct{ name, call, path string }{
		{"root", head + `auid=4294967295 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 ` +
			`comm="auditctl" exe="/usr/sbin/auditctl" key="a-key"`, path + caps},
		{"user", head + `auid=1000 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 egid=1000 sgid=1000 fsgid=1000 tty=pts0 ses=3 ` +
			`comm="cat" exe="/usr/bin/cat" subj=unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023 key="a-key"`,
			path + `obj=system_u:object_r:passwd_file_t:s0 ` + caps},
		{"odd", head + `auid=1000 gid=1000 uid=1000 tty=pts0 ses=3 comm="cat" exe="/usr/bin/cat" key="a-key"`, path + caps + ` x=1`},
	} {
		b.Run(c.name, func(b *testing.B) {
			ev := eventOf(c.call, `CWD cwd="/home/jane"`, c.path)
			var call Call
			b.ReportAllocs()
			for b.Loop() {
				if !call.Read(ev) {
					b.Fatal("no call")
				}
			}
		})
	}
}

// BenchmarkCallRecorded reads the recorded log, records, events and calls.
func BenchmarkCallRecorded(b *testing.B) {
	text := recorded(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var c Call
	calls := 0
	for b.Loop() {
		for ev := range NewAssembler(Options{}).Events(record.NewReader(bytes.NewReader(text)), nil) {
			if c.Read(ev) {
				calls++
			}
		}
	}
	b.ReportMetric(float64(calls)/b.Elapsed().Seconds(), "calls/s")
}
