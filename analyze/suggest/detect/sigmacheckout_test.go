package detect

import (
	"os"
	"testing"
)

// TestSigmaCheckout reads all Linux rules of a checkout of SigmaHQ/sigma.
func TestSigmaCheckout(t *testing.T) {
	dir := os.Getenv("AUDITPROF_SIGMA")
	if dir == "" {
		t.Skip("AUDITPROF_SIGMA names no checkout of github.com/SigmaHQ/sigma")
	}
	s, err := ReadSigma(dir, Host{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Detections {
		d := &s.Detections[i]
		t.Logf("%s: %s %q", d.Place(), d.Name, d.Unclear)
		for _, c := range d.Conditions() {
			t.Logf("    %.300s", c)
		}
	}
	t.Logf("%d files, %d rules, %d of them not understood in full, %d others, %q", s.Files, len(s.Detections), s.Unclear, s.Others, s.Remarks)
	if len(s.Detections) < 150 || s.Unclear*4 > len(s.Detections) {
		t.Errorf("%d of %d rules are not understood in full", s.Unclear, len(s.Detections))
	}
}
