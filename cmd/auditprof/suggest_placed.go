package main

import (
	"fmt"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/analyze/suggest/place"
)

// there are the proposals whose lines the rules have already, early enough: the log is older than these lines, or they were not loaded. To
// propose them again would save nothing.
func there(e *place.Edited, proposals []suggest.Proposal) (list []fault) {
	for i := range proposals {
		if proposals[i].Change.Kind == suggest.Narrow {
			continue // its rule is an old one
		}
		where := ""
		for n, id := range e.By {
			if id != proposals[i].ID {
				continue
			}
			if e.Was[n] < 0 {
				where = ""
				break
			}
			if where == "" {
				where = e.Set.Rules[n].Pos.String()
			}
		}
		if where != "" {
			list = append(list, fault{proposals[i].ID, fmt.Sprintf("the rules have it already, at %s: the log is older than this line, "+
				"or the line was not loaded (auditctl -l shows what is; dir= and the folder of exe= must exist at the load)", where)})
		}
	}
	return list
}
