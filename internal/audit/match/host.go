package match

// Host is what is known of the machine that wrote a log.
type Host struct {
	Machine  uint32    // AUDIT_ARCH_* of its kernel; 0 is names.ArchX86_64
	Kernel   Version   // zero: not known, and what depends on it is open
	Snapshot *Snapshot // nil: there is none
}

// ternary is yes, no or not known.
type ternary uint8

const (
	no ternary = iota
	yes
	maybe
)

// enterprise tells the kernels of Red Hat 8 and 9, which take whole features from later ones: their numbers bound from below only.
func (v Version) enterprise() bool {
	return v == Version{4, 18, 0} || v == Version{5, 14, 0}
}

// has tells whether a kernel has what came with a version.
func (v Version) has(since Version) ternary {
	switch {
	case v.IsZero():
		return maybe
	case !v.Less(since):
		return yes
	case v.enterprise():
		return maybe
	}
	return no
}

// quirks are what kernel versions do and no record says.
type quirks struct {
	// noReturn: exit= and success= never match, because the code is set after the rules were asked: 5.16 to 5.18, and 5.19.y until it
	// was mended (kernel/auditsc.c: audit_return_fixup). A kernel that is not known is taken for a sound one: few ran these.
	noReturn ternary
	// staleSocket: the address of an earlier call of the process may still be there, up to 5.15 (kernel/auditsc.c: audit_reset_context).
	staleSocket ternary
}

func (v Version) quirks() quirks {
	q := quirks{noReturn: no, staleSocket: no}
	if !v.IsZero() && !v.Less(Version{5, 16, 0}) && v.Less(Version{6, 0, 0}) {
		q.noReturn = yes
		if v.Minor == 19 {
			q.noReturn = maybe
		}
	}
	if v.has(Version{5, 16, 0}) != yes {
		q.staleSocket = maybe
	}
	return q
}
