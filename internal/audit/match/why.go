package match

import (
	"math/bits"
	"strings"
)

// Why is a set of reasons for which a log leaves a question open.
type Why uint32

// The reasons. What each is about: what a program gave in place of a name, what the rule rests on that no record holds, what is
// missing from the log.
const (
	WhyFD         Why = 1 << iota // a call on an open file: its PATH has an inode and no name
	WhyDirFD                      // a name relative to a directory that only the process knows
	WhyNoCwd                      // a relative name, and no CWD record
	WhyDots                       // a name with .. that may have left a symlink
	WhySymlink                    // the log shows the file under two names, or a link on the way to it
	WhyReuse                      // the log shows the inode under names that have nothing in common: a hard link, a link, or a number used again
	WhyUnseen                     // the rule's own path never came, and this name ends as it does: it may be the same file
	WhyExe                        // the executable is known by its name only, and it may be another's, or has been replaced
	WhyForm                       // a -w of which nobody knows whether it watches a file or a directory, or whether it is a never rule
	WhyGroup                      // supplementary groups, which no record holds
	WhyID                         // a rule names a user or a group without a known number
	WhyNoPath                     // PATH records are missing: excluded or lost
	WhyNoSockaddr                 // the SOCKADDR record is missing, or may be of an earlier call
	WhyFlags                      // the flags of openat2 are missing
	WhyLabel                      // a label of a security module that the log does not hold in full
	WhyTask                       // a rule of the task list decided when the process was made
	WhyLoaded                     // the rule may not have been loaded at the time
	WhyWorlds                     // too many questions at once
	WhyField                      // the record lacks a field that a rule asks for, as URINGOP lacks auid
	WhyPerm                       // perm= and a system call that not every kernel of this version has in its classes
	WhyKernel                     // kernels of this version differ
	WhyOrder                      // two rules on one file, which the kernel turns round as the file is replaced
	WhyFilesystem                 // a rule of the list filesystem and a file on nobody knows which kind
	whyEnd
)

var whyText = [...]string{
	"fd call", "dirfd", "no CWD record", "name with ..", "symlink", "inode under unrelated names", "path of the rule never seen", "exe of another file",
	"rule form", "supplementary group", "unknown id", "PATH records missing", "SOCKADDR missing", "openat2 flags missing", "label", "task list",
	"rule not loaded at the time", "too many open questions", "field missing",
	"perm of a new syscall", "kernel version", "order of rules on one file", "file system",
}

// String is the reasons in words, with commas between them, empty without any.
func (w Why) String() string { return setText(uint32(w), whyText[:]) }

// Assumption is a set of what a decision takes for granted.
type Assumption uint32

// The assumptions.
const (
	AssumeNames    Assumption = 1 << iota // a typed name means what it says: no symlink, mount or other root leads elsewhere
	AssumeInode                           // an inode still had, or already had, the name that another event gives it
	AssumeExe                             // exe= is the rule's file: not another file system's, not one replaced since the load
	AssumeLoaded                          // the rules were loaded as written
	AssumeKind                            // a -w watches what the log shows there: a file or a directory
	AssumeGroups                          // a process has the groups of the snapshot's user, or none
	AssumeRecorded                        // that the event was recorded at all left one rule
	AssumeKey                             // the logged key left one rule
	AssumeFlipped                         // no reading by the names alone explains the event, and this is the only other one that does
	assumeEnd
)

var assumeText = [...]string{
	"names mean what they say", "an inode keeps its name", "exe is the rule's file", "loaded as written", "the log shows the kind of a watched path",
	"groups of the user", "recorded at all", "the logged key", "the only reading that explains the event",
}

// String is the assumptions in words, with commas between them, empty without any.
func (a Assumption) String() string { return setText(uint32(a), assumeText[:]) }

func setText(set uint32, text []string) string {
	var words []string
	for set &= 1<<len(text) - 1; set != 0; set &= set - 1 {
		words = append(words, text[bits.TrailingZeros32(set)])
	}
	return strings.Join(words, ", ")
}
