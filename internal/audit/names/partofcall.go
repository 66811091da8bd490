package names

// LastPartOfCall is the greatest type of which PartOfCall is true.
const LastPartOfCall = 1426

// PartOfCall tells whether records of a type are part of a system call's event: written because a rule records the call, for nothing else
// (kernel/auditsc.c: audit_log_exit, show_special; kernel/audit.c: audit_log_subj_ctx and audit_log_obj_ctx for the last two, where there are
// several security modules). All other types are made by the kernel, by auditd or by programs for themselves.
func PartOfCall(nr uint32) bool {
	switch nr {
	case 1300, // SYSCALL
		1302, 1303, 1304, 1306, 1307, // PATH IPC SOCKETCALL SOCKADDR CWD
		1309, 1311, 1312, 1313, 1314, 1315, // EXECVE IPC_SET_PERM MQ_OPEN MQ_SENDRECV MQ_NOTIFY MQ_GETSETATTR
		1316, 1317, 1318, // KERNEL_OTHER FD_PAIR OBJ_PID
		1320, 1321, 1322, 1323, 1327, // EOE BPRM_FCAPS CAPSET MMAP PROCTITLE
		1330, 1332, 1333, // KERN_MODULE TIME_INJOFFSET TIME_ADJNTPVAL
		1336, 1337, // URINGOP OPENAT2
		1425, 1426: // MAC_TASK_CONTEXTS MAC_OBJ_CONTEXTS
		return true
	}
	return false
}
