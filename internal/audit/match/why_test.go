package match

import "testing"

func TestEveryReasonHasWords(t *testing.T) {
	if got, want := len(whyText), trailing(uint32(whyEnd)); got != want {
		t.Errorf("%d words for %d reasons", got, want)
	}
	if got, want := len(assumeText), trailing(uint32(assumeEnd)); got != want {
		t.Errorf("%d words for %d assumptions", got, want)
	}
	if got, want := (WhyFD | WhyGroup).String(), "fd call, supplementary group"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Assumption(0).String(); got != "" {
		t.Errorf("no assumption reads %q", got)
	}
}

// trailing is the number of flags below end.
func trailing(end uint32) (n int) {
	for ; end > 1; end >>= 1 {
		n++
	}
	return n
}
