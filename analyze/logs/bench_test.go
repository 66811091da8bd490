package logs

import (
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkInput reads 64 MB of a log, plain and packed; bytes are those of the log, unpacked.
func BenchmarkInput(b *testing.B) {
	event := "type=SYSCALL msg=audit(1795348496.761:631549): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffc6ad86040 a2=438 a3=0 items=1 ppid=4763 " +
		`pid=4781 auid=4294967295 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="cat" exe="/usr/bin/cat" key="a-key"` + "\n" +
		`type=CWD msg=audit(1795348496.761:631549): cwd="/home/jane"` + "\n" +
		`type=PATH msg=audit(1795348496.761:631549): item=0 name="/etc/passwd" inode=1311 dev=fd:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0` + "\n" +
		"type=PROCTITLE msg=audit(1795348496.761:631549): proctitle=617564697463746C002D52002F746D702F6C61622F64312F6C6F61642E72756C6573\n"
	text := strings.Repeat(event, 64<<20/len(event))
	dir := folder(b, map[string][]byte{"plain": []byte(text), "gzip": gzipped(b, text), "zstd": zstded(b, text)})
	for _, name := range []string{"plain", "gzip", "zstd"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				in := open(b, nil, filepath.Join(dir, name))
				for in.Scan() {
				}
				if in.Close() != nil || in.Bytes() != int64(len(text)) {
					b.Fatalf("%d of %d bytes", in.Bytes(), len(text))
				}
			}
		})
	}
}
