package record

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// read gives all records of a text, with what each was wrapped in, and checks that lengths add up.
func read(t testing.TB, text string, host bool) (all []*Record, forms []Form) {
	t.Helper()
	r := NewReader(strings.NewReader(text))
	r.HostAsNode(host)
	var sum int64
	for r.Scan() {
		if r.Record().Offset != sum {
			t.Errorf("line %d: offset %d, want %d", r.Record().Line, r.Record().Offset, sum)
		}
		sum += r.Record().Length
		all = append(all, r.Record().Clone())
		forms = append(forms, r.Form())
	}
	if sum != int64(len(text)) || r.Bytes() != sum {
		t.Errorf("%d bytes in records, %d said, %d in all", sum, r.Bytes(), len(text))
	}
	return all, forms
}

const (
	avcBody = `apparmor="DENIED" operation="open" profile="/usr/sbin/ntpd" name="/etc/x" pid=11`
	avcLine = `type=AVC msg=audit(1480349122.123:45): ` + avcBody
	cwdLine = `type=CWD msg=audit(1480349122.123:45): cwd="/"`
)

// Heads of lines as they are found: RFC 3164 and 5424, rsyslog's templates with and without a colon, journalctl's short forms, dmesg, grep.
func TestSyslogHeads(t *testing.T) {
	for _, c := range []struct{ line, host string }{
		{`Nov 22 10:00:00 web1 audisp-syslog[123]: ` + avcLine, "web1"},
		{`Nov  2 10:00:00 web1 audispd: ` + avcLine, "web1"},
		{`<133>Nov 22 10:00:00 web1 tag_audit_log: ` + avcLine, "web1"},
		{`May 20 13:45:56 ds01 tag_OS_audit_log ` + avcLine, "ds01"},
		{`<13>1 2026-11-22T10:00:00.123456+01:00 web1 audisp-syslog 123 - - ` + avcLine, "web1"},
		{`<13>1 2026-11-22T10:00:00Z web1 audispd - - [x@1 a="]\"" b="c"][y] ` + "\xef\xbb\xbf" + avcLine, "web1"},
		{`181 <133>1 2026-11-22T10:00:00Z web1 audispd - ID47 - ` + avcLine, "web1"},
		{`2026-11-22T10:00:00.123456+01:00 web1 audisp-syslog: ` + avcLine, "web1"},
		{`Sun 2026-11-22 10:00:00 UTC web1 audisp-syslog[1]: ` + avcLine, "web1"},
		{`1590476099.070000 web1 audisp-syslog[1]: ` + avcLine, "web1"},
		{`/var/log/audit/audit.log.1:` + avcLine, ""},
		{`audit.log:17:` + avcLine, ""},
	} {
		all, forms := read(t, c.line+"\n", false)
		if len(all) != 1 || string(all[0].Raw) != avcLine || string(all[0].Body) != avcBody || all[0].Serial != 45 || len(all[0].Node) != 0 || forms[0] != Syslog {
			t.Errorf("%s: %v %v %q", c.line, all[0].Bad, forms[0], all[0].Raw)
		}
		all, _ = read(t, c.line+"\n", true)
		if string(all[0].Node) != c.host || string(all[0].Body) != avcBody {
			t.Errorf("%s: node %q, want %q", c.line, all[0].Node, c.host)
		}
	}
}

func TestByteOrderMarkAndIndent(t *testing.T) {
	for _, line := range []string{avcLine, "Nov 22 10:00:00 web1 audispd: " + avcLine, `{"message":"` + strings.ReplaceAll(avcLine, `"`, `\"`) + `"}`} {
		if all, _ := read(t, "\xef\xbb\xbf \t"+line+"\n", false); string(all[0].Raw) != avcLine {
			t.Errorf("%s: %v", line, all[0].Bad)
		}
	}
}

func TestNodeOfTheRecordIsKept(t *testing.T) {
	all, _ := read(t, `Nov 22 10:00:00 relay audispd: node=web1 `+avcLine+"\n", true)
	if string(all[0].Node) != "web1" {
		t.Errorf("got %q", all[0].Node)
	}
}

// The kernel's log has numbers for types, and no serial is missing.
func TestKernelLog(t *testing.T) {
	for _, head := range []string{
		"Nov 22 10:00:00 web1 kernel: audit: ", "Nov 22 10:00:00 web1 kernel: [12345.678901] audit: ", "Nov 22 10:00:00 web1 kernel: ",
		"<5>[   12.345678] audit: ", "[   12.345678] audit: ", "[   12.345678] ", "[Sun Nov 22 10:00:00 2026] audit: ", "audit: ",
	} {
		line := head + "type=1400 audit(1480349122.123:45): " + avcBody
		all, forms := read(t, line+"\n", false)
		if len(all) != 1 || string(all[0].Raw) != avcLine || forms[0] != Kernel || all[0].Length != int64(len(line))+1 {
			t.Errorf("%s: %v %v %q", line, all[0].Bad, forms[0], all[0].Raw)
		}
	}
	all, _ := read(t, "[   12.345678] audit: type=1999 audit(1.002:3): x=1\n", false)
	if string(all[0].Type) != "UNKNOWN[1999]" {
		t.Errorf("got %q", all[0].Type)
	}
}

func TestReasons(t *testing.T) {
	for _, c := range []struct {
		line string
		want Bad
	}{
		{"----", AusearchMark},
		{"---- ", AusearchMark},
		{"time->Mon Feb  6 13:26:57 2023", AusearchMark},
		{"Aug 13 07:36:32 ubuntu sshd[33197]: Failed password for izy from 192.168.226.1 port 57018 ssh2", Other},
		{"<38>1 2026-11-22T10:00:00Z web1 sshd 1 - - Accepted publickey", Other},
		{"Nov 18 19:55:36 web1 audit[31399]: SYSCALL arch=c000003e syscall=90 success=yes exit=0", NoSerial},
		{"Nov 18 19:55:36 web1 audit: CWD cwd=\"/home/new_user\"", NoSerial},
		{"Nov 18 19:55:36 web1 audit: AUDIT1334 prog-id=1 op=LOAD", NoSerial},
		{"Nov 22 10:00:00 web1 kernel: audit: audit_lost=7 audit_rate_limit=0 audit_backlog_limit=64", KernelLoss},
		{"[   12.345678] audit: backlog limit exceeded", KernelLoss},
		{"[   12.345678] kauditd_printk_skb: 17 callbacks suppressed", KernelLoss},
		{"Nov 22 10:00:00 web1 kernel: audit_printk_skb: 17 callbacks suppressed", KernelLoss},
		{"Nov 22 10:00:00 web1 audispd: type=SYSCALL msg=audit(11/22/2026 10:00:00) : arch=x86_64", Interpreted},
		{"Nov 22 10:00:00 web1 audispd: type=SYSCALL msg=audit(x", BadHeader},
		{"type=SYSCALL msg=audit(2026-11-22 10:00:00.123:5) : arch=x86_64", Interpreted},
		{"comment", NoHeader},
		{"a: b", NoHeader},
		// A message that holds a record further behind is not taken for one: its program may repeat what an attacker typed.
		{"Aug 13 08:03:15 web1 sshd[7]: Invalid user: " + avcLine, Other},
		{"Aug 13 08:03:15 web1 sshd[7]: Invalid user " + avcLine, Other},
		{"Aug 13 08:03:15 web1 logger: audit: something type=1400 audit(1.002:3): x=1", Other},
		{"{\"a\":1", BadJSON},
		{"{\"a\":1}", NoRawLine},
		{"{\"message\":\"hello\",\"event\":{\"original\":7}}", NoRawLine},
	} {
		all, _ := read(t, c.line+"\n", false)
		if len(all) != 1 || all[0].Bad != c.want || !strings.HasPrefix(c.line, "Nov 22 10:00:00 web1 audispd") && string(all[0].Raw) != c.line {
			t.Errorf("%s: got %v %q, want %v", c.line, all[0].Bad, all[0].Raw, c.want)
		}
	}
}

func TestNULsBeforeARecord(t *testing.T) {
	text := cwdLine + "\n" + "type=SYSC\x00\x00\x00" + avcLine + "\n" + cwdLine + "\n"
	all, _ := read(t, text, false)
	if len(all) != 4 || all[1].Bad != NUL || all[1].Length != 12 || all[1].Line != 2 || string(all[2].Raw) != avcLine || all[2].Line != 2 || all[3].Line != 3 {
		t.Errorf("got %d records: %+v", len(all), all)
	}
}

// Fields under which exporters keep the line, from samples of theirs.
func TestJSONLines(t *testing.T) {
	quote := func(s string) string {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\x1d", `\u001d`, "/", `\/`).Replace(s) + `"`
	}
	one, rich := quote(avcLine), avcLine+"\x1dUID=\"root\""
	for _, c := range []struct {
		name, line, host string
		want             []string
	}{
		{"event.original", `{"@timestamp":"x","event":{"kind":"event","original":` + one + `},"host":{"os":{"name":"no"},"name":"web1"}}`, "web1", []string{avcLine}},
		{"dotted", `{"event.original":` + one + `,"message":"SYSCALL"}`, "", []string{avcLine}},
		{"log.original", `{ "log" : { "original" : ` + one + ` , "offset" : 7 } }`, "", []string{avcLine}},
		{"Splunk", `{"preview":false,"result":{"_raw":` + one + `,"host":"web1"}}`, "web1", []string{avcLine}},
		{"message", `{"message":` + quote(rich) + `}`, "", []string{rich}},
		{"Docker", `{"log":` + quote(avcLine+"\n") + `,"stream":"stdout"}`, "", []string{avcLine}},
		{"Wazuh", `{"decoder":{"name":"auditd"},"full_log":` + one + `}`, "", []string{avcLine}},
		{"several lines", `{"event":{"original":` + quote(avcLine+"\n"+cwdLine+"\n") + `}}`, "", []string{avcLine, cwdLine}},
		{"Auditbeat", `{"auditd":{"data":{},"messages":[` + one + `,` + quote(cwdLine) + `],"sequence":1},"beat":{"hostname":"web1"}}`, "web1", []string{avcLine, cwdLine}},
		{"Auditbeat's event.original", `{"event":{"original":[` + one + `]}}`, "", []string{avcLine}},
		{"syslog within", `{"HOSTNAME":"ds01","MESSAGE":` + quote("May 20 13:45:56 ds01 tag "+avcLine) + `}`, "ds01", []string{avcLine}},
		{"kernel within", `{"message":` + quote("Nov 22 10:00:00 web1 kernel: audit: type=1400 audit(1480349122.123:45): "+avcBody) + `}`, "web1", []string{avcLine}},
		{"part of a list", `[{"message":` + one + `},`, "", []string{avcLine}},
		{"behind a syslog head", "May 20 13:45:56 10.2.3.4 {\"MESSAGE\": " + one + "}", "", nil},
		{"the first string is none", `{"message":"x","log":{"file":{"path":"/y"}},"event":{"original":` + one + `}}`, "", []string{avcLine}},
		{"escapes", `{"message":"type=A msg=audit(1.002:3): a=\u00e9\ud83d\ude00\t\b\f\r\/\q\ud83dx\u12"}`, "", []string{"type=A msg=audit(1.002:3): a=é😀\t\b\f\r/q\ufffdxu12"}},
	} {
		all, forms := read(t, c.line+"\n", false)
		if c.want == nil {
			if len(all) != 1 || all[0].Bad == Good {
				t.Errorf("%s: got %+v", c.name, all)
			}
			continue
		}
		if len(all) != len(c.want) {
			t.Errorf("%s: %d records, want %d", c.name, len(all), len(c.want))
			continue
		}
		for n, rec := range all {
			if string(rec.Raw) != c.want[n] || rec.Bad != Good || forms[n] != JSON || rec.Line != 1 {
				t.Errorf("%s: got %v %v %q, want %q", c.name, rec.Bad, forms[n], rec.Raw, c.want[n])
			}
		}
		all, _ = read(t, c.line+"\n", true)
		if string(all[0].Node) != c.host {
			t.Errorf("%s: node %q, want %q", c.name, all[0].Node, c.host)
		}
	}
	deep := strings.Repeat(`{"a":`, 100) + one + strings.Repeat("}", 100)
	if all, _ := read(t, deep+"\n", false); all[0].Bad != BadJSON {
		t.Errorf("deep: %v", all[0].Bad)
	}
}

// exported is an entry of journalctl -o export. A value with a newline or a control character is written in binary.
func exported(fields ...string) string {
	var b strings.Builder
	b.WriteString("__CURSOR=s=0;i=1\n__REALTIME_TIMESTAMP=1480349122130000\n__MONOTONIC_TIMESTAMP=1\n_BOOT_ID=0\n")
	for _, f := range fields {
		name, value, _ := strings.Cut(f, "=")
		if strings.ContainsAny(value, "\n\x1d\x00") {
			b.WriteString(name + "\n")
			b.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(value))))
			b.WriteString(value + "\n")
			continue
		}
		b.WriteString(f + "\n")
	}
	return b.String() + "\n"
}

// auditEntry are the fields of a record as src/journal/journald-audit.c writes them.
func auditEntry(typ int, name, id, micro, body string) []string {
	return []string{"_TRANSPORT=audit", fmt.Sprintf("_AUDIT_TYPE=%d", typ), "_AUDIT_TYPE_NAME=" + name, "_AUDIT_ID=" + id, "SYSLOG_FACILITY=4",
		"SYSLOG_IDENTIFIER=audit", "_HOSTNAME=web1", "MESSAGE=" + name + " " + body, "_CMDLINE=a\x00b\nc", "_SOURCE_REALTIME_TIMESTAMP=" + micro}
}

func asJSON(fields []string) string {
	var b strings.Builder
	b.WriteString(`{"__REALTIME_TIMESTAMP":"1480349122130000"`)
	for _, f := range fields {
		name, value, _ := strings.Cut(f, "=")
		if strings.ContainsAny(value, "\x00") {
			fmt.Fprintf(&b, ",%q:%s", name, strings.ReplaceAll(fmt.Sprint([]byte(value)), " ", ","))
			continue
		}
		fmt.Fprintf(&b, `,%q:"%s"`, name, strings.NewReplacer(`"`, `\"`, "\n", `\n`, "\x1d", `\u001d`).Replace(value))
	}
	return b.String() + "}\n"
}

func TestJournal(t *testing.T) {
	const micro = "1480349122123000"
	kernel := []string{"_TRANSPORT=kernel", "MESSAGE=audit: type=1400 audit(1480349122.123:45): " + avcBody, "_HOSTNAME=web1"}
	syslog := []string{"_TRANSPORT=syslog", "_UID=0", "SYSLOG_IDENTIFIER=audisp-syslog", "MESSAGE=" + avcLine}
	forged := []string{"_TRANSPORT=journal", "_UID=1000", "MESSAGE=" + avcLine}
	other := []string{"_TRANSPORT=syslog", "_UID=0", "MESSAGE=Accepted publickey\nfor root"}
	audit := auditEntry(1400, "AVC", "45", micro, avcBody)
	unnamed := auditEntry(1999, "AUDIT1999", "45", micro, "x=1")
	noSerial := []string{"_TRANSPORT=audit", "MESSAGE=AVC " + avcBody}
	noType := []string{"_TRANSPORT=audit", "_AUDIT_ID=45", "MESSAGE=AVC " + avcBody, "_SOURCE_REALTIME_TIMESTAMP=" + micro}
	for _, c := range []struct {
		name    string
		entries [][]string
		want    []Bad
		raw     string
	}{
		{"audit", [][]string{audit}, []Bad{Good}, avcLine},
		{"type without a name", [][]string{unnamed}, []Bad{Good}, "type=UNKNOWN[1999] msg=audit(1480349122.123:45): x=1"},
		{"type by its name", [][]string{noType}, []Bad{Good}, avcLine},
		{"kernel", [][]string{kernel, kernel}, []Bad{Good, Good}, avcLine},
		{"syslog", [][]string{syslog}, []Bad{Good}, avcLine},
		{"not of root", [][]string{forged}, []Bad{NotRoot}, ""},
		{"of somebody else", [][]string{other, audit}, []Bad{Other, Good}, ""},
		{"twice", [][]string{audit, kernel, syslog}, []Bad{Good, Twice, Twice}, ""},
		{"no serial", [][]string{noSerial}, []Bad{NoSerial}, ""},
		{"not a number", [][]string{auditEntry(1400, "AVC", "x", micro, avcBody)}, []Bad{BadJournal}, ""},
		{"no message", [][]string{{"_TRANSPORT=audit", "_AUDIT_TYPE=1400", "_AUDIT_ID=45"}}, []Bad{BadJournal}, ""},
		{"loss", [][]string{{"_TRANSPORT=kernel", "MESSAGE=audit: audit_lost=1 x"}}, []Bad{KernelLoss}, ""},
	} {
		for _, form := range []string{"export", "json"} {
			text := ""
			for _, e := range c.entries {
				if form == "json" {
					text += asJSON(e)
				} else {
					text += exported(e...)
				}
			}
			all, forms := read(t, text, false)
			if len(all) != len(c.want) {
				t.Errorf("%s, %s: %d records, want %d", c.name, form, len(all), len(c.want))
				continue
			}
			for n, rec := range all {
				if rec.Bad != c.want[n] || rec.Bad == Good && c.raw != "" && (string(rec.Raw) != c.raw || forms[n] != Journal) {
					t.Errorf("%s, %s, entry %d: got %v %v %q", c.name, form, n, rec.Bad, forms[n], rec.Raw)
				}
			}
			if all, _ := read(t, text, true); c.want[0] == Good && c.name != "syslog" && c.name != "type by its name" && string(all[0].Node) != "web1" {
				t.Errorf("%s, %s: node %q", c.name, form, all[0].Node)
			}
		}
	}
}

func TestBrokenJournalExport(t *testing.T) {
	whole := exported("_TRANSPORT=audit", "_AUDIT_TYPE=1400", "_AUDIT_ID=45", "_SOURCE_REALTIME_TIMESTAMP=1480349122123000", "MESSAGE=AVC "+avcBody)
	long := "X=" + strings.Repeat("y", 10<<20)
	for _, c := range []struct {
		name, text string
		want       []Bad
	}{
		{"no empty line at the end", strings.TrimSuffix(whole, "\n"), []Bad{Good}},
		{"torn in a value", whole[:len(whole)-10], []Bad{Good}}, // Torn says so
		{"torn in the first line", "__CURSOR=s", []Bad{BadJournal}},
		{"long fields", exported(long, "Z=\n"+long) + whole, []Bad{Other, Good}},
		{"long message", exported("_TRANSPORT=audit", "_AUDIT_ID=1", "_AUDIT_TYPE=1300", "_SOURCE_REALTIME_TIMESTAMP=1", "MESSAGE=SYSCALL "+long) + whole, []Bad{TooLong, Good}},
		{"length beyond everything", "__CURSOR=1\nX\n\xff\xff\xff\xff\xff\xff\xff\xff\n" + whole, []Bad{BadJournal, Empty, Good}},
		{"length beyond the end", "__CURSOR=1\nX\n\x00\x00\x00\x01\x00\x00\x00\x00abc\n" + whole, []Bad{BadJournal}},
		{"no length", "__CURSOR=1\nX\n", []Bad{BadJournal}},
		{"a line that is no field", "__CURSOR=1\nhello world\n" + avcLine + "\n" + whole, []Bad{BadJournal, Good, Good}},
		{"value of another length", "__CURSOR=1\nX\n\x01\x00\x00\x00\x00\x00\x00\x00abc\n" + whole, []Bad{BadJournal, NoHeader, Good}},
	} {
		all, _ := read(t, c.text, false)
		var got []Bad
		for _, rec := range all {
			got = append(got, rec.Bad)
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	if all, _ := read(t, whole[:len(whole)-10], false); !all[0].Torn {
		t.Error("a torn entry is said to be whole")
	}
}

// Interpretations whose separator was lost on the way, from logs that people posted.
func TestLostSeparator(t *testing.T) {
	for _, c := range []struct{ line, body, rich string }{
		{`type=SYSCALL msg=audit(1.002:3): comm="rm" key="test"ARCH=x86_64 SYSCALL=unlinkat AUID="root"`, `comm="rm" key="test"`, `ARCH=x86_64 SYSCALL=unlinkat AUID="root"`},
		{`type=SYSCALL msg=audit(1.002:3): comm="rm" key=(null)ARCH=x86_64 SYSCALL=sendto AUID="unset" FSGID="root"`, `comm="rm" key=(null)`, `ARCH=x86_64 SYSCALL=sendto AUID="unset" FSGID="root"`},
		{`type=SYSCALL msg=audit(1.002:3): comm="rm" key=6F6EARCH=x86_64 SYSCALL=sendto AUID="unset"`, `comm="rm" key=6F6E`, `ARCH=x86_64 SYSCALL=sendto AUID="unset"`},
		{`type=SYSCALL msg=audit(1.002:3): comm="rm" key="k" ARCH=x86_64 SYSCALL=sendto AUID="unset"`, `comm="rm" key="k"`, `ARCH=x86_64 SYSCALL=sendto AUID="unset"`},
		{`type=SYSCALL msg=audit(1.002:3): comm="rm" key="k"#035ARCH=x86_64 SYSCALL=sendto AUID="unset"`, `comm="rm" key="k"`, `ARCH=x86_64 SYSCALL=sendto AUID="unset"`},
		{`type=DAEMON_START msg=audit(1.002:3): op=start res=successAUID="unset" UID="root"`, `op=start res=success`, `AUID="unset" UID="root"`},
		{`type=CONFIG_CHANGE msg=audit(1.002:3): op=set res=1AUID="unset"`, `op=set res=1`, `AUID="unset"`},
		{`type=CRYPTO msg=audit(1.002:3): pid=3 uid=0 msg='op=destroy res=success'UID="root" AUID="root"`, `pid=3 uid=0 msg='op=destroy res=success'`, `UID="root" AUID="root"`},
		{`type=PATH msg=audit(1.002:3): name="/a/UID=b" cap_frootid=0OUID="root" OGID="root"`, `name="/a/UID=b" cap_frootid=0`, `OUID="root" OGID="root"`},
		{`type=SOCKADDR msg=audit(1.002:3): saddr=0200SADDR={ saddr_fam=inet laddr=1.2.3.4 lport=53 }`, `saddr=0200`, `SADDR={ saddr_fam=inet laddr=1.2.3.4 lport=53 }`},
		// nothing was lost here
		{`type=PATH msg=audit(1.002:3): name="/a/UID=b"`, `name="/a/UID=b"`, ``},
		{`type=PATH msg=audit(1.002:3): name="UID="`, `name="UID="`, ``},
		{`type=EXECVE msg=audit(1.002:3): argc=2 a0="env" a1="UID=x"`, `argc=2 a0="env" a1="UID=x"`, ``},
		{`type=SYSCALL msg=audit(1.002:3): comm="rm" key="ARCH=b64"`, `comm="rm" key="ARCH=b64"`, ``},
		{`type=AVC msg=audit(1.002:3): avc:  denied  { read } for {}`, `avc:  denied  { read } for {}`, ``},
		{`type=X msg=audit(1.002:3): "`, `"`, ``},
		{`type=X msg=audit(1.002:3): ARCH="`, `ARCH="`, ``},
	} {
		r := one(c.line)
		if string(r.Body) != c.body || string(r.Enriched) != c.rich {
			t.Errorf("%s: body %q enriched %q", c.line, r.Body, r.Enriched)
		}
	}
}

func TestSeveralHosts(t *testing.T) {
	r := NewReader(strings.NewReader("Nov 22 10:00:00 a audispd: " + avcLine + "\nNov 22 10:00:00 a audispd: " + cwdLine + "\n"))
	for r.Scan() {
	}
	if r.SeveralHosts() {
		t.Error("one host is several")
	}
	r.Reset(strings.NewReader("Nov 22 10:00:00 b audispd: node=a " + avcLine + "\nNov 22 10:00:00 b sshd: x\n"))
	for r.Scan() {
	}
	if r.SeveralHosts() {
		t.Error("hosts of what has a node, or is no record, count")
	}
	r.Reset(strings.NewReader("Nov 22 10:00:00 b audispd: " + avcLine + "\n"))
	for r.Scan() {
	}
	if !r.SeveralHosts() {
		t.Error("two hosts are one")
	}
}

func TestFormsInWords(t *testing.T) {
	if Journal.String() != "journal" || Form(99).String() != "unknown form" {
		t.Errorf("got %v %v", Journal, Form(99))
	}
}
