package record

import (
	"bytes"
	"testing"
	"testing/iotest"
)

// seeds are lines that each are odd in one way.
var seeds = []string{
	eventLines,
	"node=h type=CONFIG_CHANGE msg=audit(1.002:3): auid=1 ses=55op=remove_rule path=\"/x\" key=6F6E650174776F list=4 res=1\n",
	"type=USER_END msg=audit(1.002:3): " + userEnd + "\x1dUID=\"root\" SADDR={ a=b }\n",
	"type=EXECVE msg=audit(1.002:3): argc=2 a0=\"ls\" a1_len=4 a1[0]=6162 a1[1]=\n",
	"type=PATH msg=audit(1.002:3): name=\"cut",
	"type=SYSCALL msg=audit(02/06/2023 14:59:15.996:35602) : arch=x86_64\n----\n\n\x00\x00\n",
	"type=UNKNOWN[1329] msg=?\r\ntype=A msg=audit(1.000:1):\r\n",
}

// FuzzReader: no panic, lengths add up, slices stay in their line, what is not wrapped comes back as it was, and how the bytes arrive
// changes nothing.
func FuzzReader(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	for _, s := range wrappedSeeds() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		all, forms := read(t, string(in), false)
		for n, rec := range all {
			place := in[rec.Offset : rec.Offset+rec.Length]
			if len(in) < MaxLineBytes && (forms[n] == Plain || forms[n] == Syslog) && rec.Bad != BadJournal && rec.Bad != NoSerial && !bytes.Contains(place, rec.Raw) {
				t.Fatalf("%q is said to be read from %q", rec.Raw, place)
			}
			if rec.Bad == Good && (len(rec.Type) == 0 || len(rec.Raw) > MaxLineBytes+maxTypeBytes) || rec.Bad != Good && len(rec.Body) > 0 {
				t.Fatalf("got %+v", rec)
			}
		}
		if named, _ := read(t, string(in), true); len(named) != len(all) {
			t.Fatalf("%d records, with their hosts %d", len(all), len(named))
		}
		if len(in) > 4096 {
			return
		}
		for n, rec := range scan(t, iotest.OneByteReader(bytes.NewReader(in)), int64(len(in))) {
			if rec.Bad != all[n].Bad || !bytes.Equal(rec.Body, all[n].Body) || rec.Line != all[n].Line {
				t.Fatalf("record %d differs when read byte by byte", n+1)
			}
		}
	})
}

// wrappedSeeds are records in every kind of envelope.
func wrappedSeeds() []string {
	entry := auditEntry(1400, "AVC", "45", "1480349122123000", avcBody)
	return []string{
		"Nov 22 10:00:00 web1 audisp-syslog[123]: " + avcLine + "\n<13>1 2026-11-22T10:00:00Z web1 audispd - - [x@1 a=\"]\\\"\"] " + avcLine + "\n",
		"[   12.345678] audit: type=1400 audit(1.002:3): x=1\nNov 18 19:55:36 web1 audit[31399]: SYSCALL arch=1\ntime->x\n",
		`{"event":{"original":"type=A msg=audit(1.002:3): a=\u00e9\ud83d\ude00\"\ntype=B msg=audit(1.002:3): "},"host":{"name":"h"}}` + "\n",
		`{"auditd":{"messages":["type=A msg=audit(1.002:3): a","x"]},"l":[[{}]]}` + "\n",
		exported(entry...) + exported("_TRANSPORT=kernel", "MESSAGE=audit: type=1400 audit(1480349122.123:45): x=1"),
		asJSON(entry) + asJSON([]string{"_TRANSPORT=syslog", "_UID=7", "MESSAGE=" + avcLine}),
		"__CURSOR=1\nX\n\xff\xff\xff\xff\x00\x00\x00\x00abc\n",
		"x\x00\x00" + cwdLine + "\n" + `type=C msg=audit(1.002:3): res=1AUID="unset"` + "\n",
	}
}

// FuzzField: whatever is asked of a line, the answer lies in its body, and decoding does not panic.
func FuzzField(f *testing.F) {
	for _, s := range seeds {
		for _, name := range []string{"key", "op", "ses", "msg", "a1[0]", "name", "UID"} {
			f.Add([]byte(s), name)
		}
	}
	f.Fuzz(func(t *testing.T, line []byte, name string) {
		r := new(Record)
		r.Parse(line)
		for _, part := range [][]byte{r.Node, r.Type, r.Body, r.Enriched} {
			if !bytes.Contains(r.Raw, part) {
				t.Fatalf("%q is no part of %q", part, r.Raw)
			}
		}
		if v, ok := r.Value(name); ok {
			want := append([]byte(name), '=')
			if v.Quote != 0 {
				want = append(want, v.Quote)
			}
			if want = append(want, v.Text...); !bytes.Contains(r.Body, want) {
				t.Fatalf("%q is not in %q", want, r.Body)
			}
		}
		if text, ok := r.Text(name); ok && len(text) > len(r.Body) {
			t.Fatalf("%q is longer than the body", text)
		}
		if value, ok := r.Interpreted(name); ok && !bytes.Contains(r.Enriched, value) {
			t.Fatalf("%q is not in %q", value, r.Enriched)
		}
		r.Uint(name)
		r.Int(name)
		Keys(r)
	})
}

// FuzzEncode: what the kernel would have logged for a string is read back as that string.
func FuzzEncode(f *testing.F) {
	for _, s := range []string{"", "ls", "a b", "one\x01two", "\xff", `"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		logged := EncodeUntrusted(s)
		if got, ok := of("SYSCALL", "comm="+logged+" key="+logged).Text("key"); !ok || got != s {
			t.Fatalf("%q is logged as %s and read back as %q", s, logged, got)
		}
		if KeyFieldLen(s, true) != len(logged) {
			t.Fatalf("%q: length %d, logged as %s", s, KeyFieldLen(s, true), logged)
		}
	})
}
