package logs

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// What a Remark or an error of Open can be about, for errors.Is.
var (
	ErrTruncated = errors.New("the compressed file ends before its end")            // what was there before is read
	ErrCorrupt   = errors.New("the compressed file is damaged")                     // what was there before is read
	ErrShrank    = errors.New("the file became shorter while it was read")          // the rest of it is not read
	ErrChanged   = errors.New("the file is not the one that was read before")       // of Reopen
	ErrCopy      = errors.New("the same file a second time")                        // read once
	ErrEmpty     = errors.New("nothing in it")                                      // an empty file among others
	ErrHosts     = errors.New("records of several hosts, none with node=")          // by their envelopes
	ErrNoLog     = errors.New("no audit log here")                                  // a directory without one, binary data
	ErrFormat    = errors.New("this compression or file format cannot be read")     // xz and its like
	ErrWindow    = errors.New("this zstd file needs a window of more than 32 MiB")  // zstd --long, --ultra
	ErrStream    = errors.New("standard input and pipes cannot be read once again") // of Reopen
)

// openError says why a file cannot be opened, and what to do.
func openError(name string, err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: run as root, or as a member of the group that log_group in auditd.conf names", err)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: name a log file, a directory such as /var/log/audit, or - for standard input", err)
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return fmt.Errorf("%w: raise the limit (ulimit -n), or give fewer logs at once", err)
	case errors.Is(err, syscall.ENXIO):
		return fmt.Errorf("%w: %s is a socket or a device without a reader; give the log as a file, or by a pipe to -", err, name)
	}
	return err
}
