package scenarios

// fileMix is close to postmark: as many files made as removed, as many reads and appends as those, and the calls of a mail or package
// tool around them. Equal weights of create and unlink, and of mkdir and rmdir, keep the pool and the disk use level.
//
// On ext4 without a journal, and only there, a create steps over every inode of its group that was freed in the last minutes
// (fs/ext4/ialloc.c, find_inode_bit and recently_deleted), so it gets dearer from slot to slot: the mix had a p90 of 130 to 350 us on such a
// file system and of 11 us on tmpfs.
var fileMix = mix{
	files: filePool{dirs: 16, files: 300, minBytes: 512, maxBytes: 8192},
	ops: []weighted{
		{"create", 20}, {"unlink", 20},
		{"read", 20}, {"append", 10},
		{"stat", 10}, {"rename", 8}, {"chmod", 4},
		{"mkdir", 2}, {"rmdir", 2},
		{"open-missing", 4},
	},
}

var fileChurn = scenario{
	Info: Info{
		Name:     "file-churn",
		Imitates: "A mail or news server in the manner of postmark: many small files made, read, appended to, renamed and removed.",
		Hurts:    "Rules on delete, rename and chmod record a third of it with two or more PATH records each, and every path collects names for the filter.",
		Op:       "file operation",
		Session:  SessionService,
		PilotOps: 2000,
		MaxOps:   20_000_000,
		Timed:    true,
	},
	workload: fileMix.workload,
}

var fileChurnLogin = scenario{
	Info: Info{
		Name:     "file-churn-login",
		Imitates: "The same small files made, read, renamed and removed in a login session, as an editor, a checkout or an unpacking archive does.",
		Hurts:    "The login uid is set, so the delete, perm_mod and access rules of STIG and OSPP, all with auid>=1000 and auid!=unset, record it.",
		Op:       "file operation",
		Session:  SessionLogin,
		PilotOps: 2000,
		MaxOps:   20_000_000,
		Timed:    true,
	},
	workload: fileMix.workload,
}
