package detect

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

var schemaFile = filepath.Join("..", "..", "..", "docs", "detections.schema.json")

// fits holds a YAML text against the published schema.
func fits(t *testing.T, text string) error {
	t.Helper()
	path, err := filepath.Abs(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	s, err := c.Compile(path)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	plain, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(plain)))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(value)
}

// TestSchemaAgrees: what the schema refuses is refused, and what is read fits.
func TestSchemaAgrees(t *testing.T) {
	for text, want := range map[string]bool{
		builtinText:                                       true,
		"- {name: x, exe: /x}":                            true,
		"- {name: x, exe: [/x, '**/y', ~/z]}":             true,
		"- {name: x, success: true, port: [1, 5-6]}":      true,
		"- {name: x, any: [{uid: root}, {a1: '&06000'}]}": true,
		"- {name: x, key: 5}":                             true,
		"- {name: x}":                                     false,
		"- {exe: /x}":                                     false,
		"- {name: x, exe: y}":                             false,
		"- {name: x, exe: /y/}":                           false,
		"- {name: x, exe: []}":                            false,
		"- {name: x, exe: {a: b}}":                        false,
		"- {name: x, size: 5, exe: /x}":                   false,
		"- {name: x, access: rw}":                         false,
		"- {name: x, mitre: y, exe: /x}":                  false,
		"- {name: x, any: []}":                            false,
		"- {name: x, any: [{}]}":                          false,
		"- {name: x, any: [{name: y}]}":                   false,
		"- {name: x, about: y}":                           false,
		"{name: x, exe: /x}":                              false,
		"[]":                                              false,
	} {
		_, err := readYAML("x", text, Host{}, FromKeep)
		if fit := fits(t, text); (err == nil) != want || (fit == nil) != want {
			t.Errorf("%.60s: reading says %v, the schema %v", text, err, fit)
		}
	}
}

// TestSchemaHasAllFields holds the fields of the schema, and those that docs/detections.md lists, against those that are read.
func TestSchemaHasAllFields(t *testing.T) {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs struct {
			Conditions struct {
				Properties map[string]any `json:"properties"`
			} `json:"conditions"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile(filepath.Join(filepath.Dir(schemaFile), "detections.md"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range keepFields {
		name := keepFields[i].name
		if _, ok := schema.Defs.Conditions.Properties[name]; !ok {
			t.Errorf("the schema does not know %s", name)
		}
		if !strings.Contains(string(doc), "`"+name+"`") {
			t.Errorf("docs/detections.md does not know %s", name)
		}
	}
	if len(schema.Defs.Conditions.Properties) != len(keepFields) {
		t.Errorf("the schema has %d fields, %d are read", len(schema.Defs.Conditions.Properties), len(keepFields))
	}
	for _, d := range Builtin(Host{}) {
		if !strings.Contains(string(doc), d.Name) {
			t.Errorf("docs/detections.md does not list %q", d.Name)
		}
	}
}
