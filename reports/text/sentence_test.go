package text

import (
	"strings"
	"testing"
)

func TestRunVerdictSaysWhatTheReportSays(t *testing.T) {
	got := RunVerdict(full(), Options{})
	labels := map[string]string{}
	for _, s := range got {
		if labels[s.Label] == "" {
			labels[s.Label] = s.Text
		}
	}
	if !strings.HasPrefix(labels["bench"], "site.rules (4 rules) against") || !strings.Contains(labels["cause"], "40-files.rules:12 wrote 94.7 %") {
		t.Errorf("%+v", got)
	}
	alarmed := full()
	alarmed.Ended = "interrupted"
	found := false
	for _, s := range RunVerdict(alarmed, Options{}) {
		found = found || s.Alarm && s.Label == "ENDED EARLY" && strings.HasPrefix(s.Text, "interrupted;")
	}
	if !found {
		t.Error("the run's early end is not among its alarms")
	}
	if next := RunNext(full(), Options{}); !strings.Contains(next, "40-files.rules:12") {
		t.Error(next)
	}
	trust := RunTrust(full(), Options{})
	if trust[0].Label != "trust" || !strings.HasPrefix(trust[0].Text, "A/A") {
		t.Errorf("%+v", trust)
	}
}
