package livetest

import "testing"

func TestBusyMachinesAreLeftAlone(t *testing.T) {
	idle := "enabled 0\nfailure 1\npid 0\nrate_limit 0\nbacklog_limit 64\nloginuid_immutable 0 unlocked\nNo rules\n"
	for state, want := range map[string]string{
		idle:                           "",
		"enabled 1\npid 0\nNo rules\n": "enabled 1",
		"enabled 2\npid 0\nNo rules\n": "enabled 2",
		"enabled 0\npid 812\n":         "pid 812",
		"enabled 0\npid 0\n-w /etc/passwd -p wa\n": "rules are loaded",
		"enabled 0\npid 0\n-a never,task\n":        "rules are loaded",
	} {
		if got := busy(state); got != want {
			t.Errorf("%q: busy because %q, want %q", state, got, want)
		}
	}
}
