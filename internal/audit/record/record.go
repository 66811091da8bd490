package record

// Record is one line of an audit log. Its byte slices point into Raw, and a Record from a Reader is valid until the next Scan:
// Clone or CopyFrom keep it.
type Record struct {
	File   string // name of its input, where whoever opened that has set it: a Reader leaves it empty
	Line   int64  // line number in its input, from 1: of the first line where an envelope has several
	Offset int64  // bytes of the input before the record
	Length int64  // bytes of the line with its newline and its envelope; of a line with several records, this one's share
	Torn   bool   // the last line, and it has no newline: its writer may not have finished it

	Bad Bad    // Good, or why the fields below are empty
	Raw []byte // the line without its newline, its envelope and the escapes of that; its beginning where Bad is TooLong

	Node     []byte // NAME of node=NAME, empty where there is none
	Type     []byte // as written: SYSCALL, UNKNOWN[1337]
	Sec      int64  // seconds since 1970 on the writer's clock
	Milli    int    // 0 to 999
	Serial   uint64 // 32 bits: the kernel's, restarting at boot; auditd's own for DAEMON_* records
	Body     []byte // the fields, up to 0x1D
	Enriched []byte // the interpreted fields behind 0x1D, empty in a RAW log

	at parts
}

// parts are the places of the slices in Raw, to find them again in a copy.
type parts struct {
	nodeLo, nodeHi, typeLo, typeHi, bodyLo, bodyHi, richLo, richHi uint32
}

// Clone returns a copy that stays valid.
func (r *Record) Clone() *Record {
	c := new(Record)
	c.CopyFrom(r)
	return c
}

// CopyFrom makes r a copy of src that stays valid, in the memory that r already has where that suffices.
func (r *Record) CopyFrom(src *Record) { r.CopyInto(src, append(r.Raw[:0], src.Raw...)) }

// CopyInto makes r a copy of src whose bytes are raw, which the caller has made a copy of src.Raw.
func (r *Record) CopyInto(src *Record, raw []byte) {
	*r = *src
	r.Raw = raw
	r.slice()
}

// slice sets Node, Type, Body and Enriched from their places in Raw.
func (r *Record) slice() {
	raw, p := r.Raw, &r.at
	r.Type = raw[p.typeLo:p.typeHi]
	r.Body = raw[p.bodyLo:p.bodyHi]
	r.Node, r.Enriched = nil, nil
	if p.nodeHi > 0 {
		r.Node = raw[p.nodeLo:p.nodeHi]
	}
	if p.richHi > 0 {
		r.Enriched = raw[p.richLo:p.richHi]
	}
}
