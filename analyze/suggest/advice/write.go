package advice

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/auditprof/auditprof/analyze"
)

// Write writes the advice as JSON, on one line. more is put in as "measured" where it is not nil.
func (a *Advice) Write(w io.Writer, measured any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	out := struct {
		*Advice
		Measured any `json:"measured,omitempty"`
	}{a, measured}
	if err := e.Encode(out); err != nil {
		return fmt.Errorf("write the suggestion: %w", err)
	}
	_, err := w.Write(analyze.EscapeUnprinted(b.Bytes()))
	return err
}
