package scenarios

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// mountMemory lays a tmpfs over the data directory, in a mount namespace that only this thread has, and what it executes. Mounts are made
// private first: on most hosts / is shared, and the tmpfs would appear everywhere.
func mountMemory(s Spec) error {
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		return fmt.Errorf("make a mount namespace for the data: %w: this takes root", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	options := fmt.Sprintf("size=%d,mode=0700,uid=%d,gid=%d", s.MemoryBytes, s.UID, s.GID)
	if err := unix.Mount("tmpfs", s.Dir, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, options); err != nil {
		return fmt.Errorf("mount memory over %s: %w", s.Dir, err)
	}
	return nil
}
