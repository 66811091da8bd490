package compare

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

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

func TestWrittenComparisonFitsItsSchema(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "docs", "comparison.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	strict(doc)
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	a, as := made(1, 1.1, resultRules(execRule, openRule), 5, 900)
	b, bs := made(2, 1.5, resultRules("-a never,exit -S open -k \x1b[31m\u202e", execRule+" -k x", openRule), 0, 5, 3)
	lost, ls := made(3, 1.5, resultRules(openRule), 3)
	lose(ls)
	runs, err := Of(side(t, "a", a, as), side(t, "b", b, bs), side(t, "lost", lost, ls))
	if err != nil {
		t.Fatal(err)
	}
	profiles, err := Of(OfProfile("a", profile(2, 10, 100)), OfProfile("b", profile(1, 10, 400, 3)))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*Comparison{runs, profiles} {
		var out bytes.Buffer
		if err := c.Write(&out); err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Error(err)
		}
		if strings.ContainsAny(out.String(), "\x1b\u202e") {
			t.Error("what a terminal would act on is written as it is")
		}
	}
	if schema.Validate(map[string]any{"schema": "auditprof/comparison/2"}) == nil {
		t.Error("the schema takes anything")
	}
}
