package bench

import (
	"fmt"
	"strings"
	"testing"
)

func logEvent(sec, serial, pid int) string {
	id := fmt.Sprintf("msg=audit(%d.100:%d): ", sec, serial)
	return "type=SYSCALL " + id + fmt.Sprintf(`arch=c000003e syscall=257 success=yes exit=3 items=0 ppid=1 pid=%d comm="w" exe="/w" key=(null)`, pid) + "\n" +
		"type=PROCTITLE " + id + "proctitle=\"w\"\n"
}

// Somebody sets the clock while a slot runs: the serials tell what is whole, not the time.
func TestAClockThatStepsLosesNothing(t *testing.T) {
	const now = 1_700_000_000
	for name, step := range map[string]int{"an hour back": -3600, "an hour forward": 3600, "a second back": -1} {
		var log strings.Builder
		for serial := 11; serial <= 40; serial++ {
			sec := now
			if serial > 25 {
				sec += step
			}
			log.WriteString(logEvent(sec, serial, 7))
		}
		got, err := tallyLog(strings.NewReader(log.String()), region{firstSerial: 10, lastSerial: 41, pids: []int{7}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.events != 30 || got.missing != 0 || got.partial != 0 || got.otherEvents != 0 || got.bytes != int64(log.Len()) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestSerialsThatAreNowhereAreMissing(t *testing.T) {
	log := logEvent(1, 11, 7) + logEvent(1, 12, 7) + logEvent(1, 15, 9)
	got, err := tallyLog(strings.NewReader(log), region{pids: []int{7}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.missing != 2 || got.events != 3 || got.otherEvents != 1 {
		t.Errorf("%+v, want serials 13 and 14 missing and one event of another process", got)
	}
}

func TestWhatIsOutsideTheMarksIsNotTheSlots(t *testing.T) {
	log := logEvent(1, 9, 7) + logEvent(1, 11, 7) + logEvent(1, 99, 7)
	got, err := tallyLog(strings.NewReader(log), region{firstSerial: 10, lastSerial: 12, pids: []int{7}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.events != 1 {
		t.Errorf("%d events, want the one between the marks", got.events)
	}
}

func TestGarbageInThePrivateLogIsAnError(t *testing.T) {
	if _, err := tallyLog(strings.NewReader(logEvent(1, 11, 7)+"garbage\n"), region{pids: []int{7}}, nil); err == nil {
		t.Error("a line that is no record was passed over")
	}
}

// A compiler starts a compiler that starts a linker: all of it is the workload's, and what a stranger starts is not.
func TestDescendantsAreTheWorkloads(t *testing.T) {
	called := func(serial, pid, ppid int) string {
		id := fmt.Sprintf("msg=audit(1.100:%d): ", serial)
		return "type=SYSCALL " + id + fmt.Sprintf(`arch=c000003e syscall=257 success=yes exit=3 items=0 ppid=%d pid=%d comm="w" exe="/w" key=(null)`, ppid, pid) + "\n" +
			"type=PROCTITLE " + id + "proctitle=\"w\"\n"
	}
	log := called(11, 8, 7) + called(12, 9, 8) + called(13, 10, 9) + called(14, 30, 1) + called(15, 31, 30)
	got, err := tallyLog(strings.NewReader(log), region{pids: []int{7}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.events != 5 || got.otherEvents != 2 || got.records != 10 || got.otherRecords != 4 {
		t.Errorf("%+v, want three events of the workload and two of others", got)
	}
}

// A workload may send user messages: they are its own, by the pid that the kernel wrote and not by what the message says.
func TestUserMessagesAreTheirSendersOwn(t *testing.T) {
	message := func(kind string, serial, pid, said int) string {
		return fmt.Sprintf("type=%s msg=audit(1.100:%d): pid=%d uid=0 auid=4294967295 ses=4294967295 msg='op=x pid=%d exe=\"/w\" res=success'\n", kind, serial, pid, said)
	}
	log := message("USER_ACCT", 11, 7, 9) + message("SERVICE_STOP", 12, 9, 7) + message("CRED_ACQ", 13, 7, 7) + message("ANOM_ABEND", 14, 7, 7)
	got, err := tallyLog(strings.NewReader(log), region{pids: []int{7}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.events != 4 || got.otherEvents != 2 || got.ownMessages != 2 {
		t.Errorf("%+v, want two messages of the workload and two events of others", got)
	}
}
