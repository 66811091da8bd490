package kernel

import (
	"fmt"
	"os/exec"
	"runtime"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"golang.org/x/sys/unix"
)

// MarkPersonality is the personality of a marked process, a bit that Linux on x86 and arm64 does not use
// (FDPIC_FUNCPTRS in include/uapi/linux/personality.h is for machines without an MMU). It is inherited through fork,
// exec, su and sudo, and logged as per=80000 in every SYSCALL record.
const MarkPersonality = 0x80000

// NoContextRule is "-a never,task -F pers=524288": a process forked with the mark while it is loaded has no audit
// context and no audit cost, for all its life and for all it forks under the rule
// (kernel/auditsc.c: audit_alloc). No other process is touched.
func NoContextRule() rule.Wire {
	return rule.Wire{List: rule.ListTask, Action: rule.ActionNever,
		Fields: []rule.WireField{{Type: rule.FieldPers, Op: rule.OpEqual, Value: MarkPersonality}}}
}

// StartMarked starts a command with MarkPersonality. A personality belongs to a thread and the child takes that of the
// thread which forks it, so the thread is held for that long.
func StartMarked(cmd *exec.Cmd) error {
	runtime.LockOSThread()
	before, err := personality(MarkPersonality)
	if err != nil {
		runtime.UnlockOSThread()
		return fmt.Errorf("set the personality %#x: %w", MarkPersonality, err)
	}
	startErr := cmd.Start()
	if _, err := personality(before); err != nil {
		// The thread stays locked: Go ends it with the goroutine and nobody else inherits the mark.
		return fmt.Errorf("put the personality %#x back: %w", before, err)
	}
	runtime.UnlockOSThread()
	return startErr
}

// personality sets the calling thread's personality and returns the one before.
func personality(p uintptr) (uintptr, error) {
	before, _, errno := unix.RawSyscall(unix.SYS_PERSONALITY, p, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return before, nil
}
