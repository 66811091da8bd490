package main

import (
	"strings"
	"testing"
)

// Every flag is in docs/suggest-exclusions.md.
func TestDocsNameEveryFlagOfSuggest(t *testing.T) {
	docs := slurp(t, "../../docs/suggest-exclusions.md")
	for _, f := range strings.Fields(typed(t, "suggest-exclusions", "--help").out) {
		if flag := strings.TrimRight(f, ",.:;)"); strings.HasPrefix(flag, "--") && flag != "--help" && !strings.Contains(docs, flag) {
			t.Errorf("docs/suggest-exclusions.md does not explain %s", flag)
		}
	}
}
