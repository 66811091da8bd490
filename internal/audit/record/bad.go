package record

// Bad says why a line is no audit record. The zero value is a good record.
type Bad uint8

// The reasons, in the order in which they are looked for.
const (
	Good        Bad = iota
	TooLong         // longer than MaxLineBytes: Raw holds its beginning
	Empty           // nothing before the newline
	NUL             // no header, and NUL bytes: a block that a crash left unwritten, or a binary file
	NoHeader        // does not begin with [node=NAME ]type=TYPE msg=
	Interpreted     // msg=audit(DATE TIME…): text of ausearch -i, not to be read back
	BadHeader       // type= without a sound msg=audit(SEC.MMM:SERIAL)
)

var badText = [...]string{
	Good:        "good",
	TooLong:     "line too long",
	Empty:       "empty line",
	NUL:         "NUL bytes instead of a record",
	NoHeader:    "no audit header",
	Interpreted: "interpreted date: export it with ausearch --raw instead of -i",
	BadHeader:   "broken audit header",
}

// String returns the reason in words.
func (b Bad) String() string {
	if int(b) < len(badText) {
		return badText[b]
	}
	return "unknown reason"
}
