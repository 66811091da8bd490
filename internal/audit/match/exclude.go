package match

import "github.com/auditprof/auditprof/internal/audit/rule"

// Record types that the filter treats by themselves (include/uapi/linux/audit.h).
const (
	recordSyscall  = 1300
	recordSockaddr = 1306
)

// mayExclude tells whether a rule of the exclude list may keep records of a type out of the log.
func (m *Matcher) mayExclude(recordType uint32) bool {
	for i := range m.before[rule.ListExclude] {
		may := true
		for _, t := range m.before[rule.ListExclude][i].sure {
			may = may && (t.field != fieldMsgType || compare(recordType, t.op, t.value))
		}
		if may {
			return true
		}
	}
	return false
}
