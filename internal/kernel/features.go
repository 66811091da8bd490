package kernel

import (
	"encoding/binary"
	"fmt"
)

// Message types AUDIT_SET_FEATURE and AUDIT_GET_FEATURE.
const (
	auditSetFeature = 1018
	auditGetFeature = 1019
)

// Bits of Features (AUDIT_FEATURE_*).
const (
	FeatureOnlyUnsetLoginUID uint32 = 1 << iota
	FeatureLoginUIDImmutable
)

// Features are the switches that a kernel keeps until reboot (struct audit_features), one bit each.
type Features struct {
	Values uint32 `json:"values"` // switched on
	Lock   uint32 `json:"lock"`   // cannot be changed until reboot
}

// Features asks for the switches and their locks.
func (c *Client) Features() (Features, error) {
	seq, err := c.request(auditGetFeature, nil)
	if err != nil {
		return Features{}, fmt.Errorf("get audit features: %w", err)
	}
	msg, err := c.receive(seq)
	if err != nil {
		return Features{}, fmt.Errorf("get audit features: %w", err)
	}
	return decodeFeatures(msg.Data)
}

func decodeFeatures(b []byte) (Features, error) {
	if len(b) < 16 {
		return Features{}, fmt.Errorf("decode audit features: %d bytes, 16 are due", len(b))
	}
	return Features{Values: binary.NativeEndian.Uint32(b[8:]), Lock: binary.NativeEndian.Uint32(b[12:])}, nil
}

// SetFeatures switches what differs from now. It never locks: a lock that is not there yet, and a switch that is
// locked, are ErrIrreversible.
func (c *Client) SetFeatures(want Features) error {
	now, err := c.Features()
	if err != nil {
		return err
	}
	changed, err := changedFeatures(now, want)
	if err != nil || changed == 0 {
		return err
	}
	b := make([]byte, 16) // vers, mask, features, lock
	binary.NativeEndian.PutUint32(b, 1)
	binary.NativeEndian.PutUint32(b[4:], changed)
	binary.NativeEndian.PutUint32(b[8:], want.Values)
	if _, err := c.request(auditSetFeature, b); err != nil {
		return fmt.Errorf("set audit features: %w", err)
	}
	return nil
}

// changedFeatures is the mask of switches to change from now to want.
func changedFeatures(now, want Features) (uint32, error) {
	if want.Lock&^now.Lock != 0 {
		return 0, fmt.Errorf("lock audit features %#x: %w", want.Lock&^now.Lock, ErrIrreversible)
	}
	changed := now.Values ^ want.Values
	if changed&now.Lock != 0 {
		return 0, fmt.Errorf("change locked audit features %#x: %w", changed&now.Lock, ErrIrreversible)
	}
	return changed, nil
}
