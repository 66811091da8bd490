package analyze

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

const schemaFile = "profile.schema.json"

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "docs", schemaFile))
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

// fullProfile has something in every list and every field that may be left out.
func fullProfile(t testing.TB) *Profile {
	tally, g := NewTally([]RuleID{{"a.rules", 1, "-w /a"}, {"a.rules", 2, "-w /b"}}), newRandomRow(3, 20, 2)
	for i := range 500 {
		r := g.next()
		r.Serial, r.Conflict, r.Rests, r.Input, r.Line = uint64(3*i), i%50 == 0, match.AssumeNames, "audit.log", 7
		r.Sec += int64(i/100) * 1000
		tally.Add(r)
	}
	tally.Skip("NUL bytes", "audit.log", 4, 5)
	p := tally.Profile()
	p.Users.Rows[0].AUIDName, p.Users.Rows[0].UIDName = "alice", "alice"
	p.Unexplained = []string{"audit.log:7: type=SYSCALL"}
	return p
}

// The schema allows no field that it does not name and asks for all but those that may be left out: a profile that fits has exactly them.
func TestProfilesFitTheSchema(t *testing.T) {
	s := schema(t)
	full := fullProfile(t)
	for name, p := range map[string]*Profile{"full": full, "shared": full.Share(), "merged": merged(t, full, full.Share()), "empty": NewTally(nil).Profile(),
		"empty, merged": merged(t, NewTally(nil).Profile())} {
		if err := validate(s, text(t, p)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheSchemaRefuses(t *testing.T) {
	s := schema(t)
	whole := string(text(t, fullProfile(t)))
	for _, c := range [][2]string{
		{`"schema":"auditprof/profile/1"`, `"schema":"auditprof/profile/2"`},
		{`"origin":"rules"`, `"origin":"ruled"`},
		{`"rules_cut":0,`, ``},
		{`"shared":false`, `"shared":false,"more":1`},
		{`"bytes":`, `"bytes":-`},
	} {
		broken := strings.Replace(whole, c[0], c[1], 1)
		if broken == whole {
			t.Fatalf("%s is not in the profile", c[0])
		}
		if validate(s, []byte(broken)) == nil {
			t.Errorf("accepted %s in place of %s", c[1], c[0])
		}
	}
}

// Words that the schema lists are those of the code.
func TestTheSchemaKnowsEveryOrigin(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "docs", schemaFile))
	if err != nil {
		t.Fatal(err)
	}
	var parsed struct {
		Defs map[string]struct {
			Properties map[string]struct{ Enum []string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(data, &parsed); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"cell", "origin_count"} {
		if got := parsed.Defs[part].Properties["origin"].Enum; !slices.Equal(got, originNames[:]) {
			t.Errorf("%s: %q, want %q", part, got, originNames)
		}
	}
}
