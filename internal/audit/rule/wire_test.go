package rule

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"strings"
	"testing"
)

// sample is a rule as the kernel would list it: two texts, a number, a key.
func sample() Wire {
	w := Wire{List: ListExit, Action: ActionAlways, Fields: []WireField{
		{Type: FieldDir, Op: OpEqual, Value: 4, Str: "/etc"},
		{Type: 106, Op: OpEqual, Value: 10},
		{Type: FieldFilterKey, Op: OpEqual, Value: 3, Str: "k\x01l"},
	}}
	w.Mask[0], w.Mask[63] = 0xdeadbeef, 1
	return w
}

func TestWireThereAndBack(t *testing.T) {
	for name, w := range map[string]Wire{"sample": sample(), "no fields": {List: ListTask, Action: ActionNever}} {
		got, err := DecodeWire(w.Encode())
		if err != nil {
			t.Fatal(name, err)
		}
		if !got.Equal(w) || !reflect.DeepEqual(got, w) {
			t.Errorf("%s: got %+v, want %+v", name, got, w)
		}
	}
}

// The layout is struct audit_rule_data of include/uapi/linux/audit.h: flags, action, field_count, mask[64], fields[64],
// values[64], fieldflags[64], buflen, buf.
func TestWireLayout(t *testing.T) {
	b := sample().Encode()
	u := func(i int) uint32 { return binary.NativeEndian.Uint32(b[4*i:]) }
	for name, c := range map[string][2]uint32{
		"flags": {u(0), 4}, "action": {u(1), 2}, "field_count": {u(2), 3}, "mask[0]": {u(3), 0xdeadbeef}, "mask[63]": {u(66), 1},
		"fields[0]": {u(67), 107}, "values[0]": {u(131), 4}, "fieldflags[2]": {u(197), 0x40000000}, "buflen": {u(259), 7},
	} {
		if c[0] != c[1] {
			t.Errorf("%s is %#x, want %#x", name, c[0], c[1])
		}
	}
	if got := string(b[1040:]); got != "/etck\x01l" {
		t.Errorf("buf %q", got)
	}
}

func TestWirePrependIsNoPartOfARule(t *testing.T) {
	b := sample().Encode()
	b[0] |= flagPrepend
	if w, err := DecodeWire(b); err != nil || w.List != ListExit {
		t.Errorf("list %v, error %v", w.List, err)
	}
}

func TestWireRefuses(t *testing.T) {
	change := func(word int, v uint32) []byte {
		b := sample().Encode()
		binary.NativeEndian.PutUint32(b[4*word:], v)
		return b
	}
	for want, b := range map[string][]byte{
		"1039 bytes, a rule has at least 1040":         sample().Encode()[:1039],
		"65 fields, the kernel's limit is 64":          change(2, 65),
		"4294967295 fields":                            change(2, 1<<32-1),
		"field 0 says 8 bytes of text, 7 are left":     change(131, 8),
		"field 2 says 4294967295 bytes of text, 3 are": change(133, 1<<32-1),
		"field 2 says 3 bytes of text, 1 are left":     change(259, 5),
		"field 0 says 4 bytes of text, 0 are left":     sample().Encode()[:1040],
	} {
		if _, err := DecodeWire(b); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestWireWithExtraKey(t *testing.T) {
	w := sample()
	got, ok := w.WithExtraKey("m")
	if !ok || got.Key() != "k\x01l\x01m" || got.Fields[2].Value != 5 || w.Key() != "k\x01l" {
		t.Errorf("key %q, %v; the original %q", got.Key(), ok, w.Key())
	}
	none := Wire{List: ListUser}
	if got, ok := none.WithExtraKey("m"); !ok || got.Key() != "m" || len(none.Fields) != 0 {
		t.Errorf("key %q, %v", got.Key(), ok)
	}
	if _, ok := w.WithExtraKey(strings.Repeat("m", MaxKeyLen-3)); ok {
		t.Error("a key of 257 bytes fits")
	}
	if _, ok := w.WithExtraKey(strings.Repeat("m", MaxKeyLen-4)); !ok {
		t.Error("a key of 256 bytes does not fit")
	}
	full := Wire{Fields: make([]WireField, MaxFields)}
	if _, ok := full.WithExtraKey("m"); ok {
		t.Error("65 fields fit")
	}
}

func TestWireWithField(t *testing.T) {
	w := sample()
	got, ok := w.WithField(FieldPers, OpEqual, 8)
	if !ok || len(got.Fields) != 4 || got.Fields[2].Type != FieldPers || got.Key() != "k\x01l" || len(w.Fields) != 3 {
		t.Errorf("fields %+v, %v", got.Fields, ok)
	}
	if again, err := DecodeWire(got.Encode()); err != nil || !again.Equal(got) {
		t.Errorf("decoded %+v, %v", again, err)
	}
	if got, ok := (Wire{}).WithField(FieldPers, OpEqual, 8); !ok || len(got.Fields) != 1 {
		t.Errorf("fields %+v, %v", got.Fields, ok)
	}
	if _, ok := (Wire{Fields: make([]WireField, MaxFields)}).WithField(FieldPers, OpEqual, 8); ok {
		t.Error("65 fields fit")
	}
}

func TestWireEqual(t *testing.T) {
	for name, change := range map[string]func(*Wire){
		"list":   func(w *Wire) { w.List = ListUser },
		"action": func(w *Wire) { w.Action = ActionNever },
		"mask":   func(w *Wire) { w.Mask[1] = 1 },
		"count":  func(w *Wire) { w.Fields = w.Fields[:2] },
		"text":   func(w *Wire) { w.Fields[0].Str = "/usr" },
		"order":  func(w *Wire) { w.Fields[0], w.Fields[1] = w.Fields[1], w.Fields[0] },
	} {
		w := sample()
		change(&w)
		if w.Equal(sample()) {
			t.Errorf("another %s is equal", name)
		}
	}
	if !sample().Equal(sample()) {
		t.Error("a rule is not equal to itself")
	}
}

func TestWireWords(t *testing.T) {
	if got := ListIOUring.String() + " " + List(99).String() + " " + ActionNever.String() + " " + Action(99).String(); got != "io_uring list-99 never action-99" {
		t.Errorf("got %q", got)
	}
}

// What the kernel sends decodes or is refused, and what decodes encodes to what decodes the same.
func FuzzDecodeWire(f *testing.F) {
	f.Add(sample().Encode())
	f.Add(Wire{}.Encode())
	f.Add([]byte("short"))
	f.Add(bytes.Repeat([]byte{0xff}, 1100))
	f.Fuzz(func(t *testing.T, b []byte) {
		w, err := DecodeWire(b)
		if err != nil {
			return
		}
		again, err := DecodeWire(w.Encode())
		if err != nil {
			t.Fatal(err)
		}
		if !again.Equal(w) {
			t.Fatalf("got %+v, want %+v", again, w)
		}
	})
}
