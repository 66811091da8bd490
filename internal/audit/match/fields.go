package match

// Field types (include/uapi/linux/audit.h: AUDIT_PID and so on) that package rule does not name.
const (
	fieldPID        uint32 = 0
	fieldUID        uint32 = 1
	fieldEUID       uint32 = 2
	fieldSUID       uint32 = 3
	fieldFSUID      uint32 = 4
	fieldGID        uint32 = 5
	fieldEGID       uint32 = 6
	fieldSGID       uint32 = 7
	fieldFSGID      uint32 = 8
	fieldAUID       uint32 = 9
	fieldPers       uint32 = 10
	fieldArch       uint32 = 11
	fieldMsgType    uint32 = 12
	fieldSubjUser   uint32 = 13
	fieldSubjRole   uint32 = 14
	fieldSubjType   uint32 = 15
	fieldSubjSen    uint32 = 16
	fieldSubjClr    uint32 = 17
	fieldPPID       uint32 = 18
	fieldObjUser    uint32 = 19
	fieldObjRole    uint32 = 20
	fieldObjType    uint32 = 21
	fieldObjLevLow  uint32 = 22
	fieldObjLevHigh uint32 = 23
	fieldAUIDSet    uint32 = 24
	fieldSession    uint32 = 25
	fieldFSType     uint32 = 26
	fieldDevMajor   uint32 = 100
	fieldDevMinor   uint32 = 101
	fieldInode      uint32 = 102
	fieldExit       uint32 = 103
	fieldSuccess    uint32 = 104
	fieldWatch      uint32 = 105
	fieldPerm       uint32 = 106
	fieldDir        uint32 = 107
	fieldFileType   uint32 = 108
	fieldObjUID     uint32 = 109
	fieldObjGID     uint32 = 110
	fieldCompare    uint32 = 111
	fieldExe        uint32 = 112
	fieldSocketFam  uint32 = 113
	fieldArg0       uint32 = 200
	fieldArg3       uint32 = 203
	fieldKey        uint32 = 210
	fieldMax        uint32 = 256 // above all
)

// unset is a user or group that is none: of auid=, a process without a login.
const unset = ^uint32(0)
