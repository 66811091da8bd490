package logs

import "fmt"

// Remark is what was not as it should be, and did not end the reading.
type Remark struct {
	File string
	Err  error // wraps one of the errors of this package
}

// String returns the remark as a line for the user, with the file's name as it was given: hostile, to be escaped.
func (r Remark) String() string { return fmt.Sprintf("%s: %v", r.File, r.Err) }
