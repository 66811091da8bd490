package match

import "testing"

func TestParseVersion(t *testing.T) {
	for text, want := range map[string]Version{
		"6.18.44-cloud-1": {6, 18, 44}, "5.14.0-503.11.1.el9_5.x86_64": {5, 14, 0}, "5.14": {5, 14, 0}, "6.12-rc3": {6, 12, 0}, "6.1.x": {6, 1, 0},
	} {
		if got, err := ParseVersion(text); err != nil || got != want {
			t.Errorf("%q: %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "6", "x", "6.", ".1", "99999999999999999999.1", "6.a"} {
		if got, err := ParseVersion(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestVersionOrder(t *testing.T) {
	in := []Version{{5, 4, 300}, {5, 16, 0}, {5, 16, 1}, {6, 0, 0}}
	for i := range in {
		for j := range in {
			if in[i].Less(in[j]) != (i < j) {
				t.Errorf("%v before %v", in[i], in[j])
			}
		}
	}
}
