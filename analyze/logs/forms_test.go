package logs

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/klauspost/compress/zstd"
)

// corpus is the folder of real logs, which is no part of this repository.
func corpus(t testing.TB) string {
	dir := os.Getenv("AUDITPROF_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no corpus of real logs: set AUDITPROF_CORPUS to the folder with logs/ and recorded/ (%v)", err)
	}
	return dir
}

// recorded is the first bytes, to a whole line, of a log that auditd 3.0.9 wrote on Linux 6.18.
func recorded(t testing.TB, bytesWanted int64) []byte {
	f, err := os.Open(filepath.Join(corpus(t), "recorded", "audit.log.zst"))
	if err != nil {
		t.Skipf("no recorded log: %v", err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	text, err := io.ReadAll(io.LimitReader(z, bytesWanted))
	if err != nil {
		t.Fatal(err)
	}
	return text[:bytes.LastIndexByte(text, '\n')+1]
}

// wrappings turn lines of a log into another form of it.
var wrappings = []struct {
	name  string
	lines int // that make one piece
	wrap  func(rec []*record.Record) string
	// journald and the kernel's log show types as numbers, and the former takes blanks before the first field away
	sameRaw bool
	form    record.Form
}{
	{"syslog", 1, func(r []*record.Record) string {
		return "Nov 22 10:00:00 web1 audisp-syslog[123]: " + string(r[0].Raw) + "\n"
	}, true, record.Syslog},
	{"RFC 5424", 1, func(r []*record.Record) string {
		return "<13>1 2026-11-22T10:00:00.123456+01:00 web1 audisp-syslog 123 - - " + string(r[0].Raw) + "\n"
	}, true, record.Syslog},
	{"kernel", 1, func(r []*record.Record) string {
		_, stamp, _ := strings.Cut(string(r[0].Raw), " msg=")
		return fmt.Sprintf("[   12.345678] audit: type=%d %s\n", typeNumbers[string(r[0].Type)], stamp)
	}, true, record.Kernel},
	{"event.original", 1, func(r []*record.Record) string { return `{"event":{"original":` + quoted(string(r[0].Raw)) + "}}\n" }, true, record.JSON},
	{"several in one line", 3, func(r []*record.Record) string {
		var text []string
		for _, rec := range r {
			text = append(text, string(rec.Raw))
		}
		return `{"@timestamp":"x","message":` + quoted(strings.Join(text, "\n")) + "}\n"
	}, true, record.JSON},
	{"journalctl -o export", 1, func(r []*record.Record) string {
		var b strings.Builder
		b.WriteString("__CURSOR=s=1\n__REALTIME_TIMESTAMP=1480349122130000\n")
		for _, f := range journalFields(r[0]) {
			if name, value, _ := strings.Cut(f, "="); strings.ContainsAny(value, "\x1d\x00\n") {
				b.WriteString(name + "\n" + string(binary.LittleEndian.AppendUint64(nil, uint64(len(value)))) + value + "\n")
			} else {
				b.WriteString(f + "\n")
			}
		}
		return b.String() + "\n"
	}, false, record.Journal},
	{"journalctl -o json", 1, func(r []*record.Record) string {
		fields := map[string]string{"__REALTIME_TIMESTAMP": "1480349122130000"}
		for _, f := range journalFields(r[0]) {
			name, value, _ := strings.Cut(f, "=")
			fields[name] = value
		}
		text, err := json.Marshal(fields)
		if err != nil {
			panic(err)
		}
		return string(text) + "\n"
	}, false, record.Journal},
}

// typeNumbers are those of the types in the recorded log.
var typeNumbers = map[string]int{"SYSCALL": 1300, "PATH": 1302, "CONFIG_CHANGE": 1305, "SOCKADDR": 1306, "CWD": 1307, "EXECVE": 1309, "PROCTITLE": 1327}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func journalFields(r *record.Record) []string {
	body := string(r.Body)
	return []string{"_TRANSPORT=audit", fmt.Sprintf("_AUDIT_TYPE=%d", typeNumbers[string(r.Type)]), fmt.Sprintf("_AUDIT_ID=%d", r.Serial), "_HOSTNAME=web1",
		"_SOURCE_REALTIME_TIMESTAMP=" + fmt.Sprint(r.Sec*1e6+int64(r.Milli)*1e3), "MESSAGE=" + string(r.Type) + " " + strings.TrimLeft(body, " "), "_CMDLINE=x\ny"}
}

// A recorded log in every form gives the records of the plain one.
func TestEveryFormGivesTheSameRecords(t *testing.T) {
	var plain []*record.Record
	for r := record.NewReader(bytes.NewReader(recorded(t, 4<<20))); r.Scan(); {
		if typeNumbers[string(r.Record().Type)] > 0 {
			plain = append(plain, r.Record().Clone())
		}
	}
	if len(plain) < 10_000 {
		t.Fatalf("only %d records to compare", len(plain))
	}
	for _, w := range wrappings {
		var text strings.Builder
		for n := 0; n < len(plain); n += w.lines {
			text.WriteString(w.wrap(plain[n:min(n+w.lines, len(plain))]))
		}
		in := open(t, strings.NewReader(text.String()), "-")
		n := 0
		for ; in.Scan(); n++ {
			got, want := in.Record(), plain[n]
			same := string(got.Type) == string(want.Type) && got.Sec == want.Sec && got.Milli == want.Milli && got.Serial == want.Serial &&
				strings.TrimLeft(string(got.Body), " ") == strings.TrimLeft(string(want.Body), " ")
			if !same || w.sameRaw && string(got.Raw) != string(want.Raw) {
				t.Fatalf("%s: got\n%s, want\n%s", w.name, got.Raw, want.Raw)
			}
			if in.reader.Form() != w.form {
				t.Fatalf("%s: form %v", w.name, in.reader.Form())
			}
		}
		if n != len(plain) || in.Bytes() != int64(text.Len()) || len(in.Skipped()) != 0 || len(in.Remarks()) != 0 {
			t.Errorf("%s: %d of %d records, %d of %d bytes, skipped %v", w.name, n, len(plain), in.Bytes(), text.Len(), in.Skipped())
		}
	}
}

// All logs of the corpus: every line is a record, or skipped for a reason, and no reason hides what looks like a record.
func TestCorpusLogsAreReadWhole(t *testing.T) {
	root := filepath.Join(corpus(t), "logs")
	files, lines, total := 0, int64(0), map[record.Bad]uint64{}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		in := open(t, nil, path)
		serials(t, in)
		for _, s := range in.Skipped() {
			total[s.Reason] += s.Lines
		}
		lines += in.Lines()
		if in.Bytes() != int64(len(text)) || len(in.Remarks()) > 0 {
			t.Errorf("%s: %d of %d bytes, remarks %v", path, in.Bytes(), len(text), in.Remarks())
		}
		for _, s := range in.Skipped() {
			begins := strings.HasPrefix(s.Example, "type=") || strings.HasPrefix(s.Example, "node=")
			if begins && s.Reason != record.Interpreted && !strings.Contains(s.Example, "type=UNKNOWN[1329]") {
				t.Errorf("%s:%d: %v: %q", path, s.FirstLine, s.Reason, s.Example)
			}
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Fatalf("%d logs read: %v", files, err)
	}
	t.Logf("%d files, %d lines, of these no records: %v", files, lines, total)
}

func TestHosts(t *testing.T) {
	text := "Nov 22 10:00:00 a audispd: " + line(1, 1) + "Nov 22 10:00:00 b audispd: " + line(1, 1)
	dir := folder(t, map[string][]byte{"one": []byte(text), "two": []byte("Nov 22 10:00:00 c audispd: " + line(1, 1))})
	args := []string{filepath.Join(dir, "one"), filepath.Join(dir, "two")}
	in := open(t, nil, args...)
	serials(t, in)
	if r := in.Remarks(); len(r) != 1 || !errors.Is(r[0].Err, ErrHosts) {
		t.Errorf("remarks %v", r)
	}
	in, err := Open(args, nil, Options{HostAsNode: true})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var got []string
	for in.Scan() {
		got = append(got, string(in.Record().Node))
	}
	if strings.Join(got, " ") != "a b c" || len(in.Remarks()) != 0 {
		t.Errorf("nodes %q, remarks %v", got, in.Remarks())
	}
}
