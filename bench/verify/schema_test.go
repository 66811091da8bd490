package verify

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// strict makes every object of a schema refuse what it does not name.
func strict(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v["properties"]; ok {
			v["additionalProperties"] = false
		}
		for _, x := range v {
			strict(x)
		}
	case []any:
		for _, x := range v {
			strict(x)
		}
	}
}

// What is written has the fields of the published schema and no others.
func TestVerifiedFitsItsSchema(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "measured.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	strict(doc)
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	run, slots := measured(map[string]float64{"old": 1000, "new": 100}, map[string]float64{"old": 200, "new": 100})
	run.Canaries = []result.Canary{{Arm: "old", Name: "ptrace", Session: "service", By: "s", Done: true, Events: 2}, {Arm: "new", Name: "ptrace", Session: "service", By: "s", Done: true}}
	for _, v := range []*Verified{Of(run, slots, oldAndNew, nil), Of(&result.Run{}, nil, Arms{}, nil)} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		in, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(in); err != nil {
			t.Errorf("%s: %v", b, err)
		}
	}
}
