package scenarios

import (
	"fmt"
	"strings"
	"testing"
)

// TestOnlyAuditWrite: the process that sends user messages has that one capability, and every other process none.
func TestOnlyAuditWrite(t *testing.T) {
	needRoot(t)
	for name, want := range map[string]string{"auth-noise": "0000000020000000", "file-churn": "0000000000000000"} { // bit 29: CAP_AUDIT_WRITE
		info, err := Lookup(name)
		must(t, err)
		binary := copyBinary(t, name)
		p := launch(t, binary, name)
		p.tell(Spec{Scenario: name, Dir: workDir(t, nobody), Binary: binary, UID: nobody, GID: nobody, AuditWrite: info.AuditWrite})
		p.ready()
		p.order(2)
		status := content(t, fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
		for _, set := range []string{"CapInh", "CapPrm", "CapEff", "CapAmb"} {
			if !strings.Contains(status, set+":\t"+want+"\n") {
				t.Errorf("%s: no %s %s in\n%s", name, set, want, status)
			}
		}
		p.end(0)
	}
}

// TestMessagesWithoutTheCapability are refused with what is missing.
func TestMessagesWithoutTheCapability(t *testing.T) {
	needRoot(t)
	binary := copyBinary(t, "auth-noise")
	p := launch(t, binary, "auth-noise")
	p.tell(Spec{Scenario: "auth-noise", Dir: workDir(t, nobody), Binary: binary, UID: nobody, GID: nobody})
	p.failure("set up auth-noise", "CAP_AUDIT_WRITE")
}

func TestAcknowledged(t *testing.T) {
	good := []byte{20, 0, 0, 0, 2, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	if err := acknowledged(good, 7); err != nil {
		t.Error(err)
	}
	refused := append([]byte(nil), good...)
	copy(refused[16:], []byte{0xff, 0xff, 0xff, 0xff})
	for what, b := range map[string][]byte{"refused": refused, "short": good[:19], "empty": nil, "another": append([]byte{20, 0, 0, 0, 3}, good[5:]...)} {
		if acknowledged(b, 7) == nil {
			t.Errorf("%s passes", what)
		}
	}
	if acknowledged(good, 8) == nil {
		t.Error("the answer to another message passes")
	}
}
