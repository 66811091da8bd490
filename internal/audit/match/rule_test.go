package match

import "testing"

func TestLoadedAt(t *testing.T) {
	m := func(sec int64, serial uint64) Moment { return Moment{Sec: sec, Serial: serial} }
	r := Rule{Until: m(100, 10), Again: []Span{{From: m(200, 20), Until: m(300, 30)}, {From: m(9000, 5)}}}
	for at, want := range map[Moment]bool{
		m(50, 9): true, m(100, 10): false, m(150, 15): false, m(200, 20): true, m(299, 29): true, m(310, 31): false,
		m(90, 11):  false, // a call that began before the removal and ended after it
		m(9000, 4): false, m(9001, 6): true,
	} {
		if got := r.loadedAt(at); got != want {
			t.Errorf("%v: %v", at, got)
		}
	}
	if !(&Rule{}).loadedAt(m(1, 1)) {
		t.Error("a rule without bounds is always loaded")
	}
}
