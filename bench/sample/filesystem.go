package sample

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// NoJournal tells whether path lies on an ext4 without a journal. There, and only there, making a file steps over every inode of its group that
// was freed within the last minute, or the last five where the disk is behind (fs/ext4/ialloc.c: find_inode_bit, recently_deleted): the more
// files a workload has removed, the dearer the next one gets, whatever the audit rules are.
func (p Proc) NoJournal(path string) bool {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return false
	}
	sys := "/sys"
	if p.Root != "" {
		sys = filepath.Join(p.Root, "sys")
	}
	return noJournal(sys, unix.Major(st.Dev), unix.Minor(st.Dev))
}

// noJournal reads what ext4 says of a device: the task of its journal, or <none> (fs/ext4/sysfs.c: journal_task_show).
func noJournal(sys string, major, minor uint32) bool {
	link, err := os.Readlink(filepath.Join(sys, "dev", "block", fmt.Sprintf("%d:%d", major, minor)))
	if err != nil {
		return false
	}
	b, err := os.ReadFile(filepath.Join(sys, "fs", "ext4", filepath.Base(link), "journal_task"))
	return err == nil && strings.TrimSpace(string(b)) == "<none>"
}
