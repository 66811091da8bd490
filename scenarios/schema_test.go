package scenarios

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

var schemaFile = filepath.Join("..", "docs", "scenario.schema.json")

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	path, err := filepath.Abs(schemaFile)
	must(t, err)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	s, err := c.Compile(path)
	must(t, err)
	return s
}

// fits holds a YAML text against the published schema; what is no YAML does not fit.
func fits(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		return err
	}
	plain, err := json.Marshal(v)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(plain)))
	must(t, err)
	return s.Validate(value)
}

// beyondSchema are refusals that a schema cannot express: sums, sizes, what YAML itself does, characters.
var beyondSchema = []string{"second document", "alias", "the weights of", "the weight of", "files are given", "io_bytes is given", "timed is false", "files of", "paths 9", "20000 files",
	"a second time", "is what operations make", "names the folder", "files.prefix has", "more than max_ops", "imitates holds", "has at most", "program ", `"010"`}

// TestSchemaAgrees: what is read fits the schema, and what the schema can refuse does not fit.
func TestSchemaAgrees(t *testing.T) {
	s := compiledSchema(t)
	for _, sc := range shipped {
		if text, err := Source(sc.name); err == nil {
			if err := fits(t, s, text); err != nil {
				t.Errorf("%s: %v", sc.name, err)
			}
		}
	}
	doc, err := os.ReadFile(filepath.Join("..", "docs", "scenarios.md"))
	must(t, err)
	examples := strings.Split(string(doc), "```yaml\n")[1:]
	if len(examples) < 2 {
		t.Error("docs/scenarios.md has no examples")
	}
	for _, e := range examples {
		text, _, _ := strings.Cut(e, "```")
		if _, err := parse("docs/scenarios.md", text); err != nil {
			t.Error(err)
		}
		if err := fits(t, s, text); err != nil {
			t.Error(err)
		}
	}
	for _, c := range refusals {
		_, err := parse("x", c.text)
		if slices.ContainsFunc(beyondSchema, func(w string) bool { return strings.Contains(err.Error(), w) }) || strings.ContainsAny(c.text, "\x00") {
			continue
		}
		if fits(t, s, c.text) == nil && !strings.Contains(c.want, "an argument") && !strings.Contains(c.want, "UTF-8") {
			t.Errorf("%.60q fits the schema and is refused: %v", c.text, err)
		}
	}
}

// TestSchemaHasAllFields holds the fields and operations that are read against those of the schema and of docs/scenarios.md.
func TestSchemaHasAllFields(t *testing.T) {
	text, err := os.ReadFile(schemaFile)
	must(t, err)
	type properties map[string]struct {
		Properties map[string]any `json:"properties"`
	}
	var schema struct {
		Properties properties `json:"properties"`
	}
	must(t, json.Unmarshal(text, &schema))
	doc, err := os.ReadFile(filepath.Join("..", "docs", "scenarios.md"))
	must(t, err)
	check := func(where string, have int, known func(string) bool, names []string) {
		if have != len(names) {
			t.Errorf("%s: the schema has %d, %d are read", where, have, len(names))
		}
		for _, n := range names {
			if !known(n) {
				t.Errorf("%s: the schema does not know %s", where, n)
			}
			if !strings.Contains(string(doc), "`"+n+"`") {
				t.Errorf("docs/scenarios.md does not know %s", n)
			}
		}
	}
	var top, files, ops []string
	for _, f := range topFields() {
		top = append(top, f.name)
	}
	for _, f := range fileFields() {
		files = append(files, f.name)
	}
	for _, o := range Operations() {
		ops = append(ops, o.Name)
	}
	in := func(m map[string]any) func(string) bool { return func(n string) bool { _, ok := m[n]; return ok } }
	check("scenario", len(schema.Properties), func(n string) bool { _, ok := schema.Properties[n]; return ok }, top)
	check("files", len(schema.Properties["files"].Properties), in(schema.Properties["files"].Properties), files)
	check("mix", len(schema.Properties["mix"].Properties), in(schema.Properties["mix"].Properties), ops)
	for _, s := range shipped {
		if !strings.Contains(string(doc), "| `"+s.name+"` |") {
			t.Errorf("docs/scenarios.md does not list %s", s.name)
		}
	}
}

// TestVocabularyIsComplete: each word has code, and each operation of the code a word.
func TestVocabularyIsComplete(t *testing.T) {
	have := map[string]bool{}
	for _, f := range (mix{}).families() {
		for _, op := range f.operations() {
			have[op.name] = true
			if operationNamed(op.name).Name == "" {
				t.Errorf("%s has no word", op.name)
			}
		}
	}
	for _, w := range Operations() {
		if !have[w.Name] {
			t.Errorf("%s has no code", w.Name)
		}
	}
}
