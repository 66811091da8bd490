package kernel

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

func TestHostFacts(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "audit.log")
	for name, text := range map[string]string{
		"audit.log": "type=A msg=audit(1700000300.001:9): x\n", "audit.log.1": "type=A msg=audit(1700000200.001:5): x\n",
		"audit.log.10": "type=A msg=audit(1700000100.001:1): x\n", "audit.log.2.gz": "", "audit.log.03": "", "audit.log.-1": "", "other.log.4": "",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := hostFacts(log)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(f.Rotated, []int{1, 10}) || f.LogBytes != 38 || !f.Oldest.Equal(time.Unix(1700000100, 0)) {
		t.Errorf("facts %+v", f)
	}
	if f.BlockBytes <= 0 || f.FreeBytes <= 0 || f.TotalBytes < f.FreeBytes {
		t.Errorf("file system %+v", f)
	}
	if _, err := hostFacts(filepath.Join(dir, "missing")); err == nil {
		t.Error("facts of a log that is not there")
	}
}

func TestRecordTime(t *testing.T) {
	for text, want := range map[string]int64{
		"type=A msg=audit(1700000100.123:1): x":              1700000100,
		"half a line\ntype=A msg=audit(1700000100.123:1): x": 1700000100,
		"node=a type=A msg=audit(5.000:1):":                  5,
		"":                                                   0, "msg=audit(": 0, "msg=audit(.1:": 0, "msg=audit(-5.0:": 0, "msg=audit(99999999999999.0:1)": 0, "msg=audit(12": 0,
		"msg=audit(00000000000000000000000000000000000001.0:": 0,
	} {
		got := recordTime([]byte(text))
		if want == 0 && !got.IsZero() || want != 0 && got.Unix() != want {
			t.Errorf("%q: %v, want %d", text, got, want)
		}
	}
}

func FuzzRecordTime(f *testing.F) {
	f.Add([]byte("type=A msg=audit(1700000100.123:1): x"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got := recordTime(b); !got.IsZero() && (got.Unix() <= 0 || got.Unix() > 1<<36) {
			t.Errorf("%q: %v", b, got)
		}
	})
}
