package names

// uringOps are the io_uring operations that auditctl names, by number (audit-userspace lib/uringop_table.h): those that the kernel
// audits (io_uring/opdef.c: not audit_skip).
var uringOps = []entry{
	{9, "sendmsg"}, {10, "recvmsg"}, {13, "accept"}, {16, "connect"}, {17, "fallocate"}, {18, "openat"}, {19, "close"},
	{28, "openat2"}, {34, "shutdown"}, {35, "renameat"}, {36, "unlinkat"}, {37, "mkdirat"}, {38, "symlinkat"}, {39, "linkat"},
	{40, "msg_ring"}, {41, "fsetxattr"}, {42, "setxattr"}, {43, "fgetxattr"}, {44, "getxattr"}, {46, "uring_cmd"},
	{48, "sendmsg_zc"}, {50, "waitid"}, {51, "futex_wait"}, {52, "futex_wake"}, {53, "futex_waitv"}, {54, "fixed_fd_install"},
	{55, "ftruncate"}, {56, "bind"}, {57, "listen"}, {64, "uring_cmd128"},
}

var uringOpByName = index(uringOps)

// UringOp is auditctl's name of an io_uring operation, such as openat for 18 (IORING_OP_OPENAT). It reports false for those that
// are never audited.
func UringOp(nr int) (string, bool) { return nameOf(uringOps, nr) }

// UringOpNumber is the number of an io_uring operation by its name.
func UringOpNumber(name string) (int, bool) {
	nr, ok := uringOpByName()[name]
	return nr, ok
}

// UringOps are all that have a name, in the order of their numbers.
func UringOps() []string { return all(uringOps) }
