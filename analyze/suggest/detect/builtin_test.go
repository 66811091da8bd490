package detect

import (
	"testing"

	"github.com/auditprof/auditprof/internal/audit/names"
)

func TestBuiltinReads(t *testing.T) {
	for _, machine := range []uint32{0, names.ArchX86_64, names.ArchAArch64, names.ArchI386} {
		list := Builtin(Host{Machine: machine, Homes: []string{"/var/lib/x[*]y"}})
		if len(list) < 20 {
			t.Fatalf("%d built-in detections", len(list))
		}
		for i := range list {
			d := &list[i]
			if !d.Hard() || d.About == "" || d.Place() != "" || len(d.Conditions()) == 0 {
				t.Errorf("%+v", d)
			}
		}
	}
}
