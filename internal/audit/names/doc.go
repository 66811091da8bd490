// Package names translates between the numbers and the names of Linux audit: syscalls of four machines, architectures,
// record types, rule fields and errno values.
//
// In come numbers as the kernel sends and logs them, or names as auditctl and auditd write them; out go the others, and whether
// they are known. Unknown is an answer, never an error: kernels and logs are newer than any table.
//
// The package knows nothing of rules, records or this machine, reads no file and imports nothing of ours. The tables (ztables.go)
// are generated from golang.org/x/sys/unix, which is generated from the kernel's own headers; what those headers do not say stands in
// recordtypes.txt and, where libaudit spells a syscall its own way, in gen.go.
package names

//go:generate go run gen.go
