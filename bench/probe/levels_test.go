package probe

import "testing"

func TestLevelsBeginWithWhatNeedsNothing(t *testing.T) {
	got := Levels()
	if len(got) == 0 || got[0] != L0 {
		t.Fatalf("levels %q, want %q first: it needs no kernel feature", got, L0)
	}
	seen := map[string]bool{}
	for _, l := range got {
		if seen[l] {
			t.Errorf("level %q twice", l)
		}
		seen[l] = true
	}
}
