package detect

import (
	"bytes"
	"io"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// Keep is what a keep file wants kept.
type Keep struct {
	Detections []Detection
	// Events are the events of a keep file that is a piece of a log, which must still be recorded under a changed rule set; one for each of
	// Detections, which describe events like them.
	Events []*event.Event
}

// ReadKeep reads a keep file: lines of an audit log, or a list of conditions in YAML (see detections.schema.json). name is what errors say. They are
// of type *Error, joined, or of reading r.
func ReadKeep(name string, r io.Reader, host Host) (Keep, error) {
	text, err := readAll(name, r)
	if err != nil {
		return Keep{}, err
	}
	if isLog(text) {
		return readKeptLog(name, text, host)
	}
	list, err := readYAML(name, string(text), host, FromKeep)
	return Keep{Detections: list}, err
}

// isLog tells a piece of a log by its first line that is not empty: one that the record reader takes, or that looks like what it refuses.
func isLog(text []byte) bool {
	lines := record.NewReader(bytes.NewReader(text))
	for lines.Scan() {
		switch lines.Record().Bad {
		case record.Good, record.AusearchMark, record.Interpreted, record.BadHeader, record.NotRoot, record.NoSerial:
			return true
		case record.Empty:
			continue
		}
		return false
	}
	return false
}
