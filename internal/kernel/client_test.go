package kernel

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"golang.org/x/sys/unix"
)

func TestExplainOpen(t *testing.T) {
	for _, c := range []struct {
		errno error
		root  bool
		want  error
	}{
		{unix.EPERM, false, ErrNoPrivilege}, {unix.EPERM, true, ErrNamespace}, {unix.ECONNREFUSED, true, ErrNamespace},
		{unix.EPROTONOSUPPORT, true, ErrNoAudit}, {unix.EAFNOSUPPORT, false, ErrNoAudit}, {unix.EIO, true, unix.EIO},
	} {
		if got := explainOpen(fmt.Errorf("open: %w", c.errno), c.root); !errors.Is(got, c.want) || !errors.Is(got, c.errno) {
			t.Errorf("%v as root %v: %v, want %v", c.errno, c.root, got, c.want)
		}
	}
}

func TestDecodeStatus(t *testing.T) {
	b := make([]byte, 44)
	for i := range 11 {
		binary.NativeEndian.PutUint32(b[4*i:], uint32(i))
	}
	got, err := decodeStatus(b)
	want := Status{Enabled: 1, Failure: 2, PID: 3, RateLimit: 4, BacklogLimit: 5, Lost: 6, Backlog: 7, FeatureBitmap: 8,
		BacklogWaitTime: 9, BacklogWaitTimeActual: 10}
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := decodeStatus(b[:40]); err != nil || got.BacklogWaitTimeActual != 0 || got.BacklogWaitTime != 9 {
		t.Errorf("an older kernel's 40 bytes: %+v, %v", got, err)
	}
	if _, err := decodeStatus(b[:20]); err == nil {
		t.Error("20 bytes were taken for a status")
	}
}

// TestEncodeSet reads the message as the kernel does: a mask, and the value where the status has it.
func TestEncodeSet(t *testing.T) {
	for s, field := range map[setting]func(Status) uint32{
		setEnabled: func(s Status) uint32 { return s.Enabled }, setFailure: func(s Status) uint32 { return s.Failure },
		setPID: func(s Status) uint32 { return s.PID }, setRateLimit: func(s Status) uint32 { return s.RateLimit },
		setBacklogLimit:    func(s Status) uint32 { return s.BacklogLimit },
		setBacklogWaitTime: func(s Status) uint32 { return s.BacklogWaitTime },
	} {
		b := encodeSet(s, 77)
		st, err := decodeStatus(b)
		if err != nil || field(st) != 77 || binary.NativeEndian.Uint32(b) != uint32(s) {
			t.Errorf("%v: %+v, %v", s, st, err)
		}
	}
}

func TestIrreversibleIsNotSent(t *testing.T) {
	c := &Client{} // no socket: a message would panic
	for name, err := range map[string]error{
		"enabled 2": c.SetEnabled(EnabledLocked), "enabled 3": c.SetEnabled(3), "failure 2": c.SetFailure(FailPanic),
	} {
		if !errors.Is(err, ErrIrreversible) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestChangedFeatures(t *testing.T) {
	for _, c := range []struct {
		now, want Features
		mask      uint32
		ok        bool
	}{
		{Features{}, Features{}, 0, true},
		{Features{Values: 2}, Features{}, 2, true},
		{Features{Values: 2, Lock: 2}, Features{Values: 2, Lock: 2}, 0, true},
		{Features{Values: 2, Lock: 2}, Features{Values: 3}, 1, true},
		{Features{Values: 2, Lock: 2}, Features{}, 0, false},
		{Features{}, Features{Lock: 1}, 0, false},
	} {
		mask, err := changedFeatures(c.now, c.want)
		if mask != c.mask || (err == nil) != c.ok || err != nil && !errors.Is(err, ErrIrreversible) {
			t.Errorf("%+v to %+v: %#x, %v", c.now, c.want, mask, err)
		}
	}
}

func TestSendUserRefuses(t *testing.T) {
	c := &Client{}
	for _, text := range []string{"", strings.Repeat("x", MaxUserText+1), "two\nlines", "nul\x00"} {
		if err := c.SendUser(text); err == nil {
			t.Errorf("%.20q was sent", text)
		}
	}
}

func TestLiveErrors(t *testing.T) {
	c := live(t)
	w := harmless(1)[0]
	if err := c.Add(w); err != nil {
		t.Fatal(err)
	}
	if err := c.Add(w); !errors.Is(err, unix.EEXIST) {
		t.Errorf("added twice: %v", err)
	}
	if err := c.Delete(w); err != nil {
		t.Error(err)
	}
	if err := c.Delete(w); !errors.Is(err, unix.ENOENT) || !strings.Contains(err.Error(), "harmless-0") {
		t.Errorf("deleted twice: %v", err)
	}
	missing := w
	missing.Fields = []rule.WireField{{Type: rule.FieldDir, Op: rule.OpEqual, Str: "/nowhere/at/all", Value: 15}}
	if err := c.Add(missing); !errors.Is(err, unix.ENOENT) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing directory: %v", err)
	}
	missing.List = rule.ListEntry
	if err := c.Add(missing); !errors.Is(err, unix.EINVAL) {
		t.Errorf("entry list: %v", err)
	}
	if err := c.SetBacklogWaitTime(1 << 30); !errors.Is(err, unix.EINVAL) {
		t.Errorf("wait time of a month: %v", err)
	}
	if f, err := c.Features(); err != nil || c.SetFeatures(f) != nil {
		t.Errorf("features as they are: %+v, %v", f, err)
	}
}
