package record

import (
	"strings"
	"testing"
)

// one parses a single line.
func one(line string) *Record {
	r := new(Record)
	r.Parse([]byte(line))
	return r
}

func TestHeader(t *testing.T) {
	for _, c := range []struct {
		line, node, typ string
		sec             int64
		milli           int
		serial          uint64
		body, enriched  string
	}{
		{"type=SYSCALL msg=audit(1795348496.269:631548): arch=c000003e key=(null)", "", "SYSCALL", 1795348496, 269, 631548, "arch=c000003e key=(null)", ""},
		{"node=a.example.org type=CWD msg=audit(1.002:3):  cwd=\"/\"", "a.example.org", "CWD", 1, 2, 3, " cwd=\"/\"", ""},
		{"type=UNKNOWN[1337] msg=audit(1626883065.201:216697): prog-id=45 op=UNLOAD", "", "UNKNOWN[1337]", 1626883065, 201, 216697, "prog-id=45 op=UNLOAD", ""},
		{"type=EOE msg=audit(1615225617.302:25836):", "", "EOE", 1615225617, 302, 25836, "", ""},
		{"type=EOE msg=audit(1615225617.302:25836): ", "", "EOE", 1615225617, 302, 25836, "", ""},
		{"type=DAEMON_CONFIG msg=audit(1490239800.477:34) config changed, auid=0", "", "DAEMON_CONFIG", 1490239800, 477, 34, "config changed, auid=0", ""},
		{"type=PATH msg=audit(1.000:2): item=0 ouid=0\x1dOUID=\"root\" OGID=\"root\"", "", "PATH", 1, 0, 2, "item=0 ouid=0", `OUID="root" OGID="root"`},
		{"type=PATH msg=audit(1.000:2): item=0\r", "", "PATH", 1, 0, 2, "item=0", ""},
		{"type=PATH msg=audit(1.000:2): item=0\x1dOUID=\"root\"\r", "", "PATH", 1, 0, 2, "item=0", `OUID="root"`},
	} {
		r := one(c.line)
		if r.Bad != Good {
			t.Errorf("%q: %v", c.line, r.Bad)
			continue
		}
		if string(r.Node) != c.node || string(r.Type) != c.typ || r.Sec != c.sec || r.Milli != c.milli || r.Serial != c.serial ||
			string(r.Body) != c.body || string(r.Enriched) != c.enriched {
			t.Errorf("%q: got node %q type %q %d.%03d:%d body %q enriched %q", c.line, r.Node, r.Type, r.Sec, r.Milli, r.Serial, r.Body, r.Enriched)
		}
	}
}

func TestBadHeader(t *testing.T) {
	for _, c := range []struct {
		line string
		want Bad
	}{
		{"", Empty},
		{"\r", Empty},
		{"\x00\x00\x00type=CWD msg=audit(1.002:3): cwd=\"/\"", NUL},
		{"\x7fELF\x02\x01", NoHeader},
		{"----", NoHeader},
		{"time->Mon Feb  6 13:26:57 2023", NoHeader},
		{"node= type=CWD msg=audit(1.002:3): x=1", NoHeader},
		{"node=a", NoHeader},
		{"type=", NoHeader},
		{"type= msg=audit(1.002:3): x=1", NoHeader},
		{"type=CWD", NoHeader},
		{"type=" + strings.Repeat("A", 70) + " msg=audit(1.002:3): x=1", NoHeader},
		{"#type=DAEMON_END msg=audit(1724970459.096:8216): op=terminate", NoHeader},
		{"Aug 13 08:03:15 ubuntu unix_chkpwd[33354]: password check failed for user (izy)", NoHeader},
		{"type=UNKNOWN[1329] msg=?", BadHeader},
		{"type=SYSCALL msg=audit(02/06/2023 14:59:15.996:35602) : arch=x86_64", Interpreted},
		{"type=SYSCALL msg=audit(06.02.2023 14:59:15.996:35602) : arch=x86_64", Interpreted},
		{"type=CWD msg=audit(", BadHeader},
		{"type=CWD msg=audit(1.02:3): x=1", BadHeader},
		{"type=CWD msg=audit(1.0021:3): x=1", BadHeader},
		{"type=CWD msg=audit(.002:3): x=1", BadHeader},
		{"type=CWD msg=audit(-1.002:3): x=1", BadHeader},
		{"type=CWD msg=audit(1.002:): x=1", BadHeader},
		{"type=CWD msg=audit(1.002:3", BadHeader},
		{"type=CWD msg=audit(1234567890123.002:3): x=1", BadHeader},
		{"type=CWD msg=audit(1.002:4294967296): x=1", BadHeader},
		{"type=CWD msg=audit(1.002:99999999999999999999): x=1", BadHeader},
	} {
		r := one(c.line)
		if r.Bad != c.want {
			t.Errorf("%q: got %v, want %v", c.line, r.Bad, c.want)
		}
		if string(r.Raw) != c.line || len(r.Type) != 0 || len(r.Body) != 0 || len(r.Node) != 0 || r.Sec != 0 || r.Serial != 0 {
			t.Errorf("%q: a bad record keeps its line and nothing else: %+v", c.line, r)
		}
	}
}

func TestBadInWords(t *testing.T) {
	seen := map[string]bool{}
	for b := Good; b <= BadJournal; b++ {
		if s := b.String(); s == "" || seen[s] {
			t.Errorf("reason %d has no words of its own: %q", b, s)
		} else {
			seen[s] = true
		}
	}
	if got := Bad(200).String(); got != "unknown reason" {
		t.Errorf("got %q", got)
	}
}

func TestCloneOutlivesItsSource(t *testing.T) {
	line := []byte("node=n type=PATH msg=audit(1.002:3): item=0 name=\"/a\"\x1dOUID=\"root\"")
	r := new(Record)
	r.Parse(line)
	r.Line, r.Offset, r.Length = 7, 8, 9
	c := r.Clone()
	for n := range line {
		line[n] = 'x'
	}
	if string(c.Node) != "n" || string(c.Type) != "PATH" || string(c.Body) != `item=0 name="/a"` || string(c.Enriched) != `OUID="root"` ||
		c.Line != 7 || c.Offset != 8 || c.Length != 9 || c.Serial != 3 {
		t.Errorf("got %+v", c)
	}
}

func TestCopyFromReusesMemory(t *testing.T) {
	long, short := one("type=PATH msg=audit(1.002:3): item=0 name=\"/a\""), one("type=CWD msg=audit(1.002:3): cwd=\"/\"")
	var kept Record
	kept.CopyFrom(long)
	if n := testing.AllocsPerRun(100, func() { kept.CopyFrom(short); kept.CopyFrom(long) }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
	if string(kept.Type) != "PATH" {
		t.Errorf("got %q", kept.Type)
	}
}
