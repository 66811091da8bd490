package analyze

import (
	"encoding/json"
	"testing"
)

func TestEscapeUnprinted(t *testing.T) {
	for name, want := range map[string]string{
		"/bin/plain":            "/bin/plain",
		"grün 日本":               "grün 日本",
		"\u009b31m":             `\u009b31m`,
		"\x7f":                  `\u007f`,
		"a\u202eb\u2066c\u200b": `a\u202eb\u2066c\u200b`,
		"\U000e0041":            `\udb40\udc41`,
		"\u0085end":             `\u0085end`,
	} {
		text := EscapeUnprinted([]byte(`"` + name + `"`))
		if string(text) != `"`+want+`"` {
			t.Errorf("%q: %s", name, text)
		}
		var back string
		if err := json.Unmarshal(text, &back); err != nil || back != name {
			t.Errorf("%q comes back as %q, %v", name, back, err)
		}
	}
}
