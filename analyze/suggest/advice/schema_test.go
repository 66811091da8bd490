package advice

import (
	"bytes"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "..", "docs", "suggestion.schema.json"))
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

func validate(s *jsonschema.Schema, data []byte) error {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return s.Validate(v)
}

// filled has something in every field and every list.
func filled() *Advice {
	a := &Advice{}
	fill(reflect.ValueOf(a).Elem())
	a.Schema = Schema
	a.Proposals[0].ID, a.Proposals[0].Kind, a.Proposals[0].Risk = "P1", suggest.Narrow.String(), suggest.Low.String()
	a.Refused[0].Kind, a.Refused[0].Risk = suggest.Exclude.String(), suggest.Forbidden.String()
	return a
}

func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.String:
		v.SetString("x")
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint64, reflect.Uint32:
		v.SetUint(1)
	case reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Bool:
		v.SetBool(true)
	}
}

func text(t *testing.T, a *Advice, measured any) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := a.Write(&b, measured); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The schema allows no field that it does not name and asks for all but those that may be left out.
func TestAdviceFitsTheSchema(t *testing.T) {
	s := schema(t)
	if err := validate(s, text(t, filled(), map[string]int{"rounds": 6})); err != nil {
		t.Error(err)
	}
	a := filled()
	a.Nothing = ""
	if err := validate(s, text(t, a, nil)); err != nil {
		t.Error(err)
	}
}

func TestTheSchemaRefuses(t *testing.T) {
	s := schema(t)
	whole := string(text(t, filled(), nil))
	for _, c := range [][2]string{
		{Schema, "auditprof/suggestion/2"},
		{`"risk":"low"`, `"risk":"lower"`},
		{`"new_in_tested":1,`, ``},
		{`"id":"P1"`, `"id":"1"`},
		{`"share":0.5`, `"share":1.5`},
		{`"nothing":"x"`, `"nothing":"x","more":1`},
	} {
		broken := strings.Replace(whole, c[0], c[1], 1)
		if broken == whole {
			t.Fatalf("%s is not in the advice", c[0])
		}
		if validate(s, []byte(broken)) == nil {
			t.Errorf("accepted %s in place of %s", c[1], c[0])
		}
	}
}

// Names are chosen by whoever is audited: nothing in the JSON makes a terminal do anything.
func TestAdviceIsEscaped(t *testing.T) {
	a := filled()
	a.Proposals[0].Rarest[0].Path = "/tmp/\x1b[2J\u202e\u009b\x7f"
	if got := text(t, a, nil); bytes.ContainsAny(got, "\x1b\u202e\u009b\x7f") {
		t.Errorf("%q", got)
	}
}
