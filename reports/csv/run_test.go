package csv

import (
	"bytes"
	"encoding/csv"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/testrun"
)

func TestWriteRun(t *testing.T) {
	run := &result.Run{
		Arms: []result.Arm{{Name: "site", Kind: result.ArmCandidate}, {Name: "again", Kind: result.ArmCandidate, TwinOf: "site"}},
		Results: []result.Result{
			{Scenario: "exec-storm", Arm: "site", Complete: true, Metrics: map[string]result.Metric{
				result.Slowdown:        {Unit: "ratio", Value: 1.25, Low: 1.2, High: 1.3, N: 12},
				result.RecordCostPerOp: {Unit: "ns", Value: -4, Low: -20, High: math.Inf(1), N: 12}}},
			{Scenario: "=x", Arm: "again", Metrics: map[string]result.Metric{"wall": {Unit: "ns", Value: 2e9, N: 1}}},
		},
	}
	var b bytes.Buffer
	if err := WriteRun(&b, run); err != nil {
		t.Fatal(err)
	}
	want := `scenario,arm,kind,twin_of,metric,unit,value,low,high,n,complete
exec-storm,site,candidate,,record_cost,ns,-4,-20,,12,true
exec-storm,site,candidate,,slowdown,ratio,1.25,1.2,1.3,12,true
'=x,again,candidate,site,wall,ns,2e+09,0,0,1,false
`
	if b.String() != want {
		t.Errorf("%s\nwant\n%s", b.String(), want)
	}
}

// A name that somebody chose is no formula and no second line, in whatever field it stands.
func TestHostileNames(t *testing.T) {
	for _, n := range testrun.Hostile() {
		var b bytes.Buffer
		if err := WriteRun(&b, testrun.HostileRun(n.Text)); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(rows) != 1+2*len(result.Units) {
			t.Errorf("%s: %d rows, %v", n.What, len(rows), err)
		}
		for _, cell := range slices.Concat(rows...) {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r|%") || strings.ContainsFunc(cell, unicode.IsControl) {
				t.Errorf("%s: cell %q", n.What, cell)
			}
		}
	}
}
