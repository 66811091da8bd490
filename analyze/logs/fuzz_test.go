package logs

import (
	"bytes"
	"testing"
)

// FuzzInput: whatever bytes come, packed or not, there is no panic, no endless reading, and records and skipped lines are all that was read.
func FuzzInput(f *testing.F) {
	text := lines(1, 1, 3) + "x\n\x00\x00" + line(9, 9)
	for _, s := range [][]byte{[]byte(text), gzipped(f, text), zstded(f, text), append(gzipped(f, text), gzipped(f, text)...), half(gzipped(f, text)), damaged(zstded(f, text)), []byte("\xfd7zXZ\x00\x00")} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		in, err := Open([]string{"-"}, bytes.NewReader(file), Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		serials(t, in)
		if done, _ := in.Progress(); done > int64(len(file)) {
			t.Fatalf("%d of %d bytes read", done, len(file))
		}
		if in.Err() != nil && len(in.Skipped()) > 0 {
			t.Fatalf("lines of a format that cannot be read: %v", in.Skipped())
		}
	})
}
