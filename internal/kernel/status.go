package kernel

import (
	"encoding/binary"
	"fmt"

	libaudit "github.com/elastic/go-libaudit/v2"
)

// Failure modes (AUDIT_FAIL_*). go-libaudit's constants for them are all 0.
const (
	FailSilent uint32 = 0
	FailPrintk uint32 = 1
	FailPanic  uint32 = 2
)

// Values of Status.Enabled.
const (
	EnabledOff    uint32 = 0
	EnabledOn     uint32 = 1
	EnabledLocked uint32 = 2
)

// Status is the answer to AUDIT_GET (struct audit_status). Counters run since boot.
type Status struct {
	Enabled       uint32 // 0 off, 1 on, 2 on and locked until reboot
	Failure       uint32 // 0 silent, 1 printk, 2 panic
	PID           uint32 // of the auditd that is registered, 0 for none; may be dead until a record fails to reach it
	RateLimit     uint32 // records per second, 0 for no limit
	BacklogLimit  uint32 // records in the queue, 0 for no limit
	Lost          uint32 // records lost, counter
	Backlog       uint32 // records in the main queue now
	FeatureBitmap uint32 // AUDIT_FEATURE_BITMAP_*
	// BacklogWaitTime is how long an audited task waits for room in the queue, in jiffies of this kernel.
	BacklogWaitTime uint32
	// BacklogWaitTimeActual is the sum of such waits, in jiffies, counter; 0 before Linux 5.9.
	BacklogWaitTimeActual uint32
}

// Status asks for the present state. While the queue is over its limit the kernel holds the caller for up to the
// backlog wait time (kernel/audit.c: audit_receive).
func (c *Client) Status() (Status, error) {
	seq, err := c.audit.GetStatusAsync(true)
	if err == nil {
		err = c.acknowledged(seq)
	}
	if err != nil {
		return Status{}, fmt.Errorf("get audit status: %w", err)
	}
	msg, err := c.receive(seq)
	if err != nil {
		return Status{}, fmt.Errorf("get audit status: %w", err)
	}
	return decodeStatus(msg.Data)
}

func decodeStatus(b []byte) (Status, error) {
	var s libaudit.AuditStatus
	if err := s.FromWireFormat(b); err != nil {
		return Status{}, fmt.Errorf("decode audit status of %d bytes: %w", len(b), err)
	}
	return Status{
		Enabled: s.Enabled, Failure: s.Failure, PID: s.PID, RateLimit: s.RateLimit, BacklogLimit: s.BacklogLimit,
		Lost: s.Lost, Backlog: s.Backlog, FeatureBitmap: s.FeatureBitmap,
		BacklogWaitTime: s.BacklogWaitTime, BacklogWaitTimeActual: s.BacklogWaitTimeActual,
	}, nil
}

// setting is one number of struct audit_status that AUDIT_SET changes, as its bit in the mask (AUDIT_STATUS_*).
type setting uint32

const (
	setEnabled setting = 1 << iota
	setFailure
	setPID
	setRateLimit
	setBacklogLimit
	setBacklogWaitTime
)

// auditSet is the message type AUDIT_SET.
const auditSet = 1001

// encodeSet is the payload of AUDIT_SET for one setting: struct audit_status with ten numbers behind the mask.
// The fields from mask on stand in the order of the mask's bits, but for the wait time, which comes later.
func encodeSet(s setting, value uint32) []byte {
	index := map[setting]int{setEnabled: 1, setFailure: 2, setPID: 3, setRateLimit: 4, setBacklogLimit: 5, setBacklogWaitTime: 9}[s]
	b := make([]byte, 4*11)
	binary.NativeEndian.PutUint32(b, uint32(s))
	binary.NativeEndian.PutUint32(b[4*index:], value)
	return b
}

// set changes one setting. Locking (enabled 2) never passes here.
func (c *Client) set(s setting, value uint32) error {
	if s == setEnabled && value > EnabledOn {
		return fmt.Errorf("set enabled %d: %w", value, ErrIrreversible)
	}
	if _, err := c.request(auditSet, encodeSet(s, value)); err != nil {
		return fmt.Errorf("set %v to %d: %w", s, value, err)
	}
	return nil
}

// String is the setting's word in auditctl -s.
func (s setting) String() string {
	return map[setting]string{setEnabled: "enabled", setFailure: "failure", setPID: "pid", setRateLimit: "rate_limit",
		setBacklogLimit: "backlog_limit", setBacklogWaitTime: "backlog_wait_time"}[s]
}

// SetEnabled switches auditing off (0) or on (1). Anything else, 2 above all, is ErrIrreversible.
func (c *Client) SetEnabled(v uint32) error { return c.set(setEnabled, v) }

// SetFailure chooses what happens when a record is lost: FailSilent or FailPrintk. FailPanic is ErrIrreversible:
// only a restore sets it, where it was found.
func (c *Client) SetFailure(v uint32) error {
	if v > FailPrintk {
		return fmt.Errorf("set failure %d: %w", v, ErrIrreversible)
	}
	return c.set(setFailure, v)
}

// SetRateLimit bounds the records per second; 0 is no limit.
func (c *Client) SetRateLimit(perSecond uint32) error { return c.set(setRateLimit, perSecond) }

// SetBacklogLimit bounds the records in the queue; 0 is no limit.
func (c *Client) SetBacklogLimit(records uint32) error { return c.set(setBacklogLimit, records) }

// SetBacklogWaitTime bounds how long a task waits for room in the queue. More than 600 s is EINVAL.
func (c *Client) SetBacklogWaitTime(jiffies uint32) error { return c.set(setBacklogWaitTime, jiffies) }
