package nearest

import (
	"slices"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	for _, tc := range []struct {
		word, names string
		want        string
	}{
		{"exec-strom", "idle exec-storm connect-storm", "exec-storm"},
		{"log_byte/op", "log_bytes/op cpu_ratio", "log_bytes/op"},
		{"scenario", "scenarios log", "scenarios"}, // one holds the other
		{"pdf", "text json md", ""},
		{"jsn", "text md json csv", "json"},
		{"abc", "abd abe abf abg", "abd abe abf"},    // three at most, equals by name
		{"abcd", "xbcx abcx abcd", "abcd abcx xbcx"}, // the nearest first
		{"x", "", ""},
	} {
		if got := Names(tc.word, strings.Fields(tc.names)); !slices.Equal(got, strings.Fields(tc.want)) {
			t.Errorf("%q of %q: %q, want %q", tc.word, tc.names, got, tc.want)
		}
	}
}

// distances are those of the literature, and what follows from the definition.
func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want int
	}{{"kitten", "sitting", 3}, {"saturday", "sunday", 3}, {"", "abc", 3}, {"abc", "", 3}, {"same", "same", 0}, {"ab", "ba", 2}} {
		if got := distance(tc.a, tc.b); got != tc.want {
			t.Errorf("%q to %q: %d, want %d", tc.a, tc.b, got, tc.want)
		}
	}
	if got := distance(strings.Repeat("a", 1<<20), strings.Repeat("b", 1<<20)); got != longest {
		t.Errorf("a long hostile word: %d, want it cut at %d", got, longest)
	}
}
