package gate

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

const wholeBudget = `# yaml-language-server: $schema=budget.schema.json
version: 1
scenarios:
  "*":
    - lost <= 0
  db-churn:
    - latency_p99 < 5ms
    - limit: log_bytes/op <= baseline + 10%
      severity: warn
    - {limit: log_bytes/op < 1KiB, rule: key=opens}
log:
  - log_bytes <= 4GiB
rules:
  - rules_passed/openat <= 40
seen: error
unseen:
  - what: -a never,exit -F arch=b64 -S openat -F exe=/usr/bin/x
    exe: /usr/bin/x
    reason: its own files
    owner: dba
    expires: 2030-06-30
`

func TestReadBudget(t *testing.T) {
	b, err := ReadBudget("b.yaml", strings.NewReader(wholeBudget))
	if err != nil {
		t.Fatal(err)
	}
	db := b.Scenarios[1]
	if len(b.Scenarios) != 2 || db.Name != "db-churn" || len(db.Limits) != 3 || len(b.Log) != 1 || len(b.Rules) != 1 || len(b.Unseen) != 1 {
		t.Fatalf("got %+v", b)
	}
	if l := db.Limits[1]; l.Severity != SeverityWarn || !l.Relative || l.Place.String() != "b.yaml:8:14" {
		t.Errorf("got %+v", l)
	}
	if db.Limits[2].Rule != "key=opens" || db.Limits[0].Severity != SeverityError {
		t.Errorf("got %+v", db.Limits)
	}
	a := b.Unseen[0]
	if a.Expired(time.Date(2030, 6, 30, 23, 59, 0, 0, time.UTC)) || !a.Expired(time.Date(2030, 7, 1, 0, 0, 0, 0, time.UTC)) {
		t.Error("the last day is the last on which it holds")
	}
}

func TestReadBudgetRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                                       "b.yaml:1:1: nothing in it",
		"version: 2\n":                                           "b.yaml:1:10: version \"2\"",
		"log: [lost <= 1]\n":                                     "there is no version",
		"version: 1\nscenario: {}\n":                             `b.yaml:2:1: "scenario" is no field of a budget: one of version, $schema, scenarios, log, rules, seen, unseen, did you mean "scenarios"`,
		"version: 1\nlog: lost <= 1\n":                           "b.yaml:2:6: this takes a list of limits",
		"version: 1\nlog: [lost]\n":                              "b.yaml:2:7: \"lost\" has no operator",
		"version: 1\nlog: [{severity: no}]\n":                    `b.yaml:2:18: "no" is no severity here: error or warn`,
		"version: 1\nlog: [{rule: any}]\n":                       "b.yaml:2:7: limit is missing",
		"version: 1\nlog: [&a lost<=1, *a]\n":                    "*a is an alias",
		"version: 1\nversion: 1\n":                               "is there already, in line 1",
		"version: 1\nscenarios: []\n":                            "b.yaml:2:12: scenarios takes names",
		"version: 1\nscenarios: {x: [1]}\n":                      `"1" has no operator`,
		"version: 1\n---\nversion: 1\n":                          "a second document",
		"version: [1\n":                                          "this is no YAML",
		"version: 1\nunseen: [{what: x}]\n":                      "reason is missing",
		"version: 1\nunseen: [{what: x, reason: y, owner: z}]\n": "expires is missing",
		"version: 1\nunseen: [{what: x, reason: y, owner: z, expires: tomorrow}]\n":            `"tomorrow" is no day: write it as 2030-06-30`,
		"version: 1\nunseen: [{what: '*', reason: y, owner: z, expires: 2030-01-01}]\n":        `b.yaml:2:10: what: "*": there are no wildcards`,
		"version: 1\nunseen: [{what: 'canary *', reason: y, owner: z, expires: 2030-01-01}]\n": `there are no wildcards`,
		"version: 1\nunseen: [{what: canry a, reason: y, owner: z, expires: 2030-01-01}]\n":    `keep FILE:LINE, did you mean "canary"?`,
		"version: 1\nunseen: [{what: canary, reason: y, owner: z, expires: 2030-01-01}]\n":     `canary NAME`,
		"version: 1\nlog: [a: b: c]\n":            "b.yaml:2: this is no YAML: did not find expected ',' or ']'",
		"version: 1\nlog:\n  - lost <= 1\n bad\n": "b.yaml:4: this is no YAML: did not find expected key",
		"[a: b: c]\n":            "b.yaml:1: this is no YAML",
		"version: 1\n\tlog: 1\n": "b.yaml:2: this is no YAML",
		"version: 1\nlog:\n  - 'lost\n  - wall < 5\n": "b.yaml:",
		"version: 1\nseen: loud\n":                    `error, warn or "off"`,
		"- a\n":                                       "this is a list, and should be a budget",
		"version: 1\nlog: ['a\x1b<1']\n":              "b.yaml",
		"version: 1\n\x1b: 1\n":                       "b.yaml",
		strings.Repeat("#", 1<<20) + "\n":             "more than",
	} {
		_, err := ReadBudget("b.yaml", strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%.60q: got %v, want %s", text, err, want)
		}
	}
}

func schemaOf(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	s, err := c.Compile(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func fits(t *testing.T, schema *jsonschema.Schema, data []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(v)
}

// TestBudgetSchemaAgrees: what the published schema refuses is refused, and what is read fits. The schema does not know the grammar of a limit.
func TestBudgetSchemaAgrees(t *testing.T) {
	schema := schemaOf(t, "budget.schema.json")
	for text, want := range map[string]bool{
		wholeBudget:                      true,
		"version: 1\nlog: [lost <= 1]\n": true,
		"version: 1\nseen: 'off'\n":      true,
		"version: 1\n":                   true,
		"version: 2\n":                   false,
		"{}\n":                           false,
		"version: 1\nlog: []\n":          false,
		"version: 1\nlog: [{limit: a<1, if: b}]\n":    false,
		"version: 1\nlog: [{rule: a}]\n":              false,
		"version: 1\nlog: [{limit: a<1, rule: ''}]\n": false,
		"version: 1\nscenarios: {}\n":                 false,
		"version: 1\nscenarios: {x: {}}\n":            false,
		"version: 1\nseen: x\n":                       false,
		"version: 1\nunseen: []\n":                    false,
		"version: 1\nunseen: [{what: canary a, reason: b, owner: c, expires: '2030-01-01'}]\n":            true,
		"version: 1\nunseen: [{what: a, reason: b, owner: c, expires: '2030-01-01'}]\n":                   false,
		"version: 1\nunseen: [{what: 'canary *', reason: b, owner: c, expires: '2030-01-01'}]\n":          false,
		"version: 1\nunseen: [{what: -a never -F dir=/x*, reason: b, owner: c, expires: '2030-01-01'}]\n": true,
		"version: 1\nunseen: [{what: canary a, reason: b, owner: c}]\n":                                   false,
		"version: 1\nunseen: [{what: canary a, reason: b, owner: c, expires: '2030-01-01', why: d}]\n":    false,
		"version: 1\nunseen: [{what: canary a, reason: b, owner: c, expires: soon}]\n":                    false,
		"version: 1\nunseen: [{what: canary a, reason: b, owner: c, expires: '2030-01-01', exe: ''}]\n":   false,
	} {
		_, err := ReadBudget("b", strings.NewReader(text))
		var v any
		if err := yaml.Unmarshal([]byte(strings.ReplaceAll(text, "expires: 2030-06-30", "expires: '2030-06-30'")), &v); err != nil {
			t.Fatal(err)
		}
		plain, mErr := json.Marshal(v)
		if mErr != nil {
			t.Fatal(mErr)
		}
		if fit := fits(t, schema, plain); (err == nil) != want || (fit == nil) != want {
			t.Errorf("%.70q: reading says %v, the schema %v", text, err, fit)
		}
	}
}

// TestMetricsAreDocumented holds the names of metrics against docs/gate.md.
func TestMetricsAreDocumented(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "gate.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Metrics() {
		if !strings.Contains(string(doc), "`"+name+"`") {
			t.Errorf("docs/gate.md does not name %s", name)
		}
	}
	if !slices.IsSorted(Metrics()[:len(Metrics())-1]) {
		t.Error("the metrics are not in order")
	}
}

func FuzzReadBudget(f *testing.F) {
	f.Add(wholeBudget)
	f.Add("version: 1\nlog: [{limit: a<1, rule: any}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := ReadBudget("b.yaml", strings.NewReader(text))
		if err == nil && b == nil {
			t.Error("neither a budget nor an error")
		}
		if err != nil && strings.ContainsAny(err.Error(), "\x1b\x07\u202e") {
			t.Errorf("an error that a terminal acts on: %q", err)
		}
	})
}
