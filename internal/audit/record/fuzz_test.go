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

// FuzzReader: no panic, lengths add up, the text comes back, slices stay in their line, and how the bytes arrive changes nothing.
func FuzzReader(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		all := scan(t, bytes.NewReader(in), int64(len(in)))
		var back []byte
		for n, rec := range all {
			back = append(back, rec.Raw...)
			if !rec.Torn {
				back = append(back, '\n')
			} else if n != len(all)-1 {
				t.Fatalf("line %d of %d is torn", n+1, len(all))
			}
		}
		if len(in) < MaxLineBytes && !bytes.Equal(back, in) {
			t.Fatalf("read %q, comes back as %q", in, back)
		}
		if len(in) > 4096 {
			return
		}
		for n, rec := range scan(t, iotest.OneByteReader(bytes.NewReader(in)), int64(len(in))) {
			if rec.Bad != all[n].Bad || !bytes.Equal(rec.Body, all[n].Body) {
				t.Fatalf("line %d differs when read byte by byte", n+1)
			}
		}
	})
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
