package hostlog

import (
	"bytes"
	"fmt"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// Vanished are the first events of a log that are watched and were recorded under the rules before, and are not, or maybe not, under those
// after. Each is decided by what it says itself.
func Vanished(before, after *match.Matcher, log []byte, watched func(*event.Call) bool) (list []string) {
	old, changed := before.Judge(nil), after.Judge(nil)
	var c event.Call
	for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(bytes.NewReader(log)), nil) {
		if !c.Read(ev) || !watched(&c) || old.Foretell(&c).Recorded != match.Yes {
			continue
		}
		if f := changed.Foretell(&c); f.Recorded != match.Yes {
			list = append(list, fmt.Sprintf("recorded: %v, by rule %d: %s", f.Recorded, f.Rule, ev.Records[0].Raw))
		}
		if len(list) == 3 {
			break
		}
	}
	return list
}
