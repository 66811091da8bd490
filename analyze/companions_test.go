package analyze

import "testing"

// The contexts of several security modules are parts of a system call's event, and none that the kernel made for itself.
func TestContextsAreCompanions(t *testing.T) {
	for _, typ := range []string{"MAC_TASK_CONTEXTS", "UNKNOWN[1425]", "UNKNOWN[1426]", "OPENAT2", "EOE"} {
		if got := class([]byte(typ)); got != companion {
			t.Errorf("%s is of class %d", typ, got)
		}
	}
	for typ, want := range map[string]maker{"USER_CMD": userMade, "DAEMON_START": daemonMade, "ANOM_ABEND": kernelMade, "MAC_STATUS": kernelMade} {
		if got := class([]byte(typ)); got != want {
			t.Errorf("%s is of class %d", typ, got)
		}
	}
}
