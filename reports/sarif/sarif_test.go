package sarif

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/gate"
	oasis "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

func written(t *testing.T, problems ...gate.Problem) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, &gate.Verdict{Problems: problems}, "v1"); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// read holds SARIF against the schema of the standard, and has somebody else read it.
func read(t *testing.T, data []byte) *oasis.Report {
	t.Helper()
	r, err := oasis.FromBytes(data)
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	validate(t, data)
	return r
}

func TestFitsTheStandard(t *testing.T) {
	read(t, written(t))
	r := read(t, written(t,
		gate.Problem{ID: "not-loaded", File: "rules.d/10 a.rules", Line: 3, Col: 7, Level: "error", Text: "no such field"},
		gate.Problem{ID: "unseen", File: "/etc/audit/b.rules", Level: "warning", Text: "x"},
		gate.Problem{ID: "volume", File: "c.rules", Line: 1, Level: "odd", Text: "x"},
		gate.Problem{ID: "volume", Level: "error", Text: "of no file"}))
	if n := len(r.Runs[0].Results); n != 3 {
		t.Fatalf("%d results, want 3", n)
	}
	first := r.Runs[0].Results[0]
	place := first.Locations[0].PhysicalLocation
	if *place.ArtifactLocation.URI != "rules.d/10%20a.rules" || *place.Region.StartLine != 3 || *first.Message.Text != "no such field" {
		t.Errorf("got %+v", place)
	}
	if uri := *r.Runs[0].Results[1].Locations[0].PhysicalLocation.ArtifactLocation.URI; uri != "file:///etc/audit/b.rules" {
		t.Error(uri)
	}
}

func TestHostileNames(t *testing.T) {
	for _, name := range []string{"\x1b[31m", "<script>", "=1+1", "a\u202eb", "a\nb", "../..:x", "%00", "a:b", "\xff"} {
		data := written(t, gate.Problem{ID: "unseen", File: "d/" + name, Line: 1, Level: "error", Text: name})
		read(t, data)
		if bytes.ContainsAny(data, "\x1b\u202e") || !json.Valid(data) {
			t.Errorf("%q: %s", name, data)
		}
	}
}

func TestNoMoreThanAreShown(t *testing.T) {
	var many []gate.Problem
	for range maxResults + 10 {
		many = append(many, gate.Problem{ID: "unseen", File: "a", Level: "error", Text: "x"})
	}
	if n := strings.Count(string(written(t, many...)), `"ruleId"`); n != maxResults {
		t.Errorf("%d results", n)
	}
}
