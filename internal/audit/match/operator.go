package match

// Operators of a field (include/uapi/linux/audit.h).
const (
	opBitMask        uint32 = 0x08000000 // &: any bit
	opLess           uint32 = 0x10000000
	opGreater        uint32 = 0x20000000
	opNotEqual       uint32 = 0x30000000
	opEqual          uint32 = 0x40000000
	opBitTest        uint32 = 0x48000000 // &=: all bits
	opLessOrEqual    uint32 = 0x50000000
	opGreaterOrEqual uint32 = 0x60000000
)

// compare is kernel/auditfilter.c: audit_comparator: both sides are unsigned and of 32 bits, whatever they stand for.
func compare(left, op, right uint32) bool {
	switch op {
	case opEqual:
		return left == right
	case opNotEqual:
		return left != right
	case opLess:
		return left < right
	case opLessOrEqual:
		return left <= right
	case opGreater:
		return left > right
	case opGreaterOrEqual:
		return left >= right
	case opBitMask:
		return left&right != 0
	case opBitTest:
		return left&right == right
	}
	return false
}

// compareID is audit_uid_comparator and audit_gid_comparator, which know no operators on bits.
func compareID(left, op, right uint32) bool {
	if op == opBitMask || op == opBitTest {
		return false
	}
	return compare(left, op, right)
}
