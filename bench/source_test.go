package bench

import (
	"reflect"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

func TestARunKeepsTheFileAndNotItsRulesAlone(t *testing.T) {
	set, err := rule.ParseFile("a.rules", strings.NewReader("# why\n\n-w /etc/passwd -p wa -k id\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []result.Source{{File: "a.rules", Lines: []string{"# why", "", "-w /etc/passwd -p wa -k id"}}}
	if got := sources(set); !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAFileTooLongToKeepIsNotKeptInPart(t *testing.T) {
	set, err := rule.ParseFile("a.rules", strings.NewReader(strings.Repeat("#"+strings.Repeat("x", 1000)+"\n", 1100)))
	if err != nil {
		t.Fatal(err)
	}
	if got := sources(set); got != nil {
		t.Errorf("%d files kept", len(got))
	}
}
