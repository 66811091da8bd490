package hostlog

import "fmt"

// Rules is the rule set under which the logs are written: what many hosts have, with two lines that nobody should have.
const Rules = `## what is audited here
-D
-b 8192
-f 1

-w /etc/passwd -p wa -k identity
-w /etc/shadow -p wa -k identity
-w /etc/sudoers -p wa -k sudoers

-a always,exit -F arch=b64 -S adjtimex,settimeofday,clock_settime -k time_change
-a always,exit -F arch=b32 -S adjtimex,settimeofday,clock_settime -k time_change
-a always,exit -F arch=b64 -S execve -F auid>=1000 -F auid!=unset -k user_commands
-a always,exit -F arch=b32 -S execve -F auid>=1000 -F auid!=unset -k user_commands
-a always,exit -F arch=b64 -S chmod,fchmod,fchmodat,chown,fchown,fchownat,lchown -F auid>=1000 -F auid!=unset -k perm_mod
-a always,exit -F arch=b64 -S init_module,finit_module,delete_module -k modules

## every connection
-a always,exit -F arch=b64 -S connect -k network
-a always,exit -F arch=b32 -S connect -k network

## every file
-a always,exit -F arch=b64 -S open,openat -k file_accesses
-a always,exit -F arch=b32 -S open,openat -k file_accesses
-a always,exit -F arch=b64 -S unlink,unlinkat,rename,renameat,renameat2 -k delete
`

func sprint(format string, args ...any) string { return fmt.Sprintf(format, args...) }
