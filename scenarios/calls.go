package scenarios

import "golang.org/x/sys/unix"

// calls are operations that need nothing.
type calls struct{}

func (calls) setup(*Site) error { return nil }
func (calls) teardown() error   { return nil }

func (calls) operations() []operation {
	return []operation{
		{"getppid", func() error { unix.Getppid(); return nil }}, // a raw system call: never cached, never in the vdso
		{"nothing", func() error { return nil }},
	}
}
