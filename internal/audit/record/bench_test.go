package record

import (
	"bytes"
	"strings"
	"testing"
)

const syscallLine = `type=SYSCALL msg=audit(1795348496.761:631549): arch=c000003e syscall=44 success=yes exit=1080 a0=3 a1=7ffc6ad86040 a2=438 a3=0 items=0 ` +
	`ppid=4763 pid=4781 auid=4294967295 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="auditctl" exe="/usr/sbin/auditctl" key="a-key"`

// eventLines are the lines of one ordinary event.
const eventLines = syscallLine + "\n" +
	`type=CWD msg=audit(1795348496.761:631549): cwd="/home/jane"` + "\n" +
	`type=PATH msg=audit(1795348496.761:631549): item=0 name="/etc/passwd" inode=1311 dev=fd:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0` + "\n" +
	`type=PROCTITLE msg=audit(1795348496.761:631549): proctitle=617564697463746C002D52002F746D702F6C61622F64312F6C6F61642E72756C6573` + "\n"

func benchmarkReader(b *testing.B, use func(*Record)) {
	log := []byte(strings.Repeat(eventLines, 2000))
	b.SetBytes(int64(len(log)))
	b.ReportAllocs()
	src := bytes.NewReader(nil)
	r := NewReader(src)
	lines := int64(0)
	for b.Loop() {
		src.Reset(log)
		r.srcErr = nil
		for r.Scan() {
			use(r.Record())
		}
	}
	lines = r.Lines()
	b.ReportMetric(float64(lines)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkReader(b *testing.B) { benchmarkReader(b, func(*Record) {}) }

func BenchmarkReaderKeyExe(b *testing.B) {
	benchmarkReader(b, func(r *Record) { r.Field("key"); r.Field("exe") })
}

func BenchmarkField(b *testing.B) {
	r := one(syscallLine)
	for _, name := range []string{"arch", "auid", "exe", "key", "missing"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Field(name)
			}
		})
	}
}

// forms is the event of eventLines in every envelope.
func forms() map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(eventLines) {
		line = strings.TrimSuffix(line, "\n")
		typ, rest, _ := strings.Cut(strings.TrimPrefix(line, "type="), " msg=")
		_, body, _ := strings.Cut(rest, ": ")
		entry := auditEntry(1300, typ, "631549", "1795348496761000", body)
		all["syslog"] += "Nov 22 10:00:00 web1 audisp-syslog[123]: " + line + "\n"
		all["kernel"] += "[   12.345678] audit: type=1300 " + rest + "\n"
		all["JSON"] += `{"event":{"original":"` + strings.ReplaceAll(line, `"`, `\"`) + "\"}}\n"
		all["journal export"] += exported(entry...)
		all["journal JSON"] += asJSON(entry)
	}
	return all
}

// BenchmarkForms reads records in envelopes; bytes are those of the envelopes too.
func BenchmarkForms(b *testing.B) {
	for name, text := range forms() {
		b.Run(name, func(b *testing.B) {
			log := []byte(strings.Repeat(text, 1000))
			b.SetBytes(int64(len(log)))
			b.ReportAllocs()
			src := bytes.NewReader(nil)
			r := NewReader(src)
			for b.Loop() {
				src.Reset(log)
				r.Reset(src)
				for r.Scan() {
					if r.Record().Bad != Good {
						b.Fatal(r.Record().Bad)
					}
				}
			}
		})
	}
}

func TestFormsDoNotAllocate(t *testing.T) {
	for name, text := range forms() {
		in := strings.NewReader("")
		r := NewReader(in)
		log := strings.Repeat(text, 25)
		n := testing.AllocsPerRun(20, func() {
			in.Reset(log)
			r.Reset(in)
			for r.Scan() {
			}
		})
		if n != 0 {
			t.Errorf("%s: %v allocations for 100 records, want 0", name, n)
		}
	}
}
