package bench

import "golang.org/x/sys/unix"

const statNumber = unix.SYS_FSTATAT
