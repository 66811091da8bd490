package result

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

var docs = filepath.Join("..", "..", "docs")

func schema(t *testing.T, part string) *jsonschema.Schema {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(docs, "result.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	s, err := c.Compile(path + part)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(s *jsonschema.Schema, data []byte) error {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return s.Validate(v)
}

func TestWrittenRunFitsSchema(t *testing.T) {
	s := schema(t, "")
	for name, run := range map[string]*Run{"full": sample(), "empty": {}} {
		w, dir := newWriter(t)
		if err := w.Run(run); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(dir, RunFile))
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(s, data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWrittenSlotFitsSchema(t *testing.T) {
	w, dir := newWriter(t)
	if err := w.Slot(sampleSlot(1)); err != nil {
		t.Fatal(err)
	}
	line, err := os.ReadFile(filepath.Join(dir, SlotsFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := validate(schema(t, "#/$defs/slot"), line); err != nil {
		t.Error(err)
	}
}

func TestSchemaRefuses(t *testing.T) {
	s := schema(t, "")
	for _, c := range []struct{ old, new string }{
		{`"schema":"auditprof/run/1"`, `"schema":"auditprof/run/2"`},
		{`"kind":"candidate"`, `"kind":"canditate"`},
		{`"n":12`, `"n":1.5`},
		{`"seed":7,`, ``},
		{`"started":"2001-09-09T01:46:40Z"`, `"started":"yesterday"`},
		{`"ops":100`, `"ops":-1`},
	} {
		data, err := json.Marshal(sample())
		if err != nil {
			t.Fatal(err)
		}
		broken := strings.Replace(string(data), c.old, c.new, 1)
		if broken == string(data) {
			t.Fatalf("%s is not in the sample", c.old)
		}
		if validate(s, []byte(broken)) == nil {
			t.Errorf("accepted %s in place of %s", c.new, c.old)
		}
	}
}

// Every struct of the format has its part in the schema with exactly its fields, and its chapter in the manual naming each of them.
func TestSchemaAndManualNameEveryField(t *testing.T) {
	var parsed struct {
		Defs map[string]struct {
			Required   []string
			Properties map[string]any
		} `json:"$defs"`
	}
	data, err := os.ReadFile(filepath.Join(docs, "result.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &parsed); err != nil {
		t.Fatal(err)
	}
	chapters := manual(t)
	types := map[string]reflect.Type{}
	collect(reflect.TypeFor[Run](), types)
	collect(reflect.TypeFor[Slot](), types)
	if len(types) < 20 || len(types) != len(parsed.Defs) {
		t.Errorf("%d types, %d parts of the schema", len(types), len(parsed.Defs))
	}
	for name, typ := range types {
		part := parsed.Defs[snake(name)]
		all, required := fields(t, typ)
		for _, f := range all {
			if _, ok := part.Properties[f]; !ok {
				t.Errorf("schema: %s lacks %s", snake(name), f)
			}
			if !strings.Contains(chapters[name], "| `"+f+"` |") {
				t.Errorf("manual: the chapter of %s lacks %s", name, f)
			}
		}
		if len(part.Properties) != len(all) || !slices.Equal(slices.Sorted(slices.Values(part.Required)), slices.Sorted(slices.Values(required))) {
			t.Errorf("schema: %s has properties %v, required %v", name, part.Properties, part.Required)
		}
	}
}

// manual splits docs/result.md into chapters by the first word of their headings.
func manual(t *testing.T) map[string]string {
	data, err := os.ReadFile(filepath.Join(docs, "result.md"))
	if err != nil {
		t.Fatal(err)
	}
	chapters := map[string]string{}
	for _, chapter := range strings.Split(string(data), "\n## ")[1:] {
		heading, _, _ := strings.Cut(chapter, "\n")
		word, _, _ := strings.Cut(heading, ":")
		chapters[word] = chapter
	}
	return chapters
}

func collect(typ reflect.Type, into map[string]reflect.Type) {
	switch typ.Kind() {
	case reflect.Slice, reflect.Map, reflect.Pointer:
		collect(typ.Elem(), into)
	case reflect.Struct:
		if typ.PkgPath() != reflect.TypeFor[Run]().PkgPath() || into[typ.Name()] != nil {
			return
		}
		into[typ.Name()] = typ
		for f := range typ.Fields() {
			collect(f.Type, into)
		}
	}
}

func fields(t *testing.T, typ reflect.Type) (all, required []string) {
	for f := range typ.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			t.Errorf("%s.%s has no json name", typ.Name(), f.Name)
		}
		all = append(all, name)
		if options != "omitempty" {
			required = append(required, name)
		}
	}
	return all, required
}

func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// Every metric name declared in result.go has a unit, and its line with that unit in the manual.
func TestEveryMetricHasUnitAndManual(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "result.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	chapter, names := manual(t)["Metrics"], 0
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST || !strings.HasPrefix(g.Doc.Text(), "Names of the metrics") {
			continue
		}
		for _, spec := range g.Specs {
			name, err := strconv.Unquote(spec.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			names++
			unit := Units[name]
			if unit == "" || !strings.Contains(chapter, "| `"+name+"` | "+unit+" |") {
				t.Errorf("metric %s, unit %q: not so in the manual", name, unit)
			}
		}
	}
	if names != len(Units) || names < 30 {
		t.Errorf("%d metrics declared, %d units", names, len(Units))
	}
}
