package probe

import (
	"strings"
	"testing"
)

const someSymbols = `ffffffff81000100 T do_syscall_64
ffffffff81000000 T _stext
ffffffff81000200 t audit_filter_rules.isra.0
ffffffff81000300 T __audit_inode
ffffffff81000400 t audit_log_exit
ffffffff81000500 T audit_log_end
ffffffff81000600 T memcpy
ffffffff81000700 D audit_data_that_is_no_code
ffffffff81000800 T __audit_syscall_exit
ffffffffc0000000 t other	[module]
`

func TestPlaceOf(t *testing.T) {
	names, err := parseSymbols(strings.NewReader(someSymbols))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what  string
		stack []uint64
		want  Place
	}{
		{"nothing of the kernel", nil, OutsideAudit},
		{"a call itself", []uint64{0xffffffff81000601, 0xffffffff81000150, 0}, OutsideAudit},
		{"a rule's fields", []uint64{0xffffffff810002ff, 0xffffffff81000810, 0xffffffff81000150}, Filter},
		{"a copy within a record", []uint64{0xffffffff81000610, 0xffffffff81000444, 0xffffffff81000810, 0}, Format},
		{"the end of a record", []uint64{0xffffffff81000610, 0xffffffff81000510, 0xffffffff81000444, 0}, Queue},
		{"a name", []uint64{0xffffffff81000300}, Names},
		{"leaving a call", []uint64{0xffffffff81000810, 0xffffffff81000150}, OtherAudit},
		{"below every function", []uint64{0x1000}, OutsideAudit},
		{"what lies behind the end is not there", []uint64{0xffffffff81000610, 0, 0xffffffff81000300}, OutsideAudit},
	} {
		if got := placeOf(c.stack, names); got != c.want {
			t.Errorf("%s: place %d, want %d", c.what, got, c.want)
		}
	}
}

func TestPlaceOfFunction(t *testing.T) {
	for name, want := range map[string]Place{
		"__audit_filter_op": Filter, "audit_filter_inodes": Filter, "audit_filter_rules.isra.0": Filter, "audit_exe_compare": Filter,
		"audit_comparator": Filter, "audit_tree_match": Filter, "audit_filter": Filter, "auditd_test_task": Filter,
		"__audit_inode_child.cold": Names, "__audit_getname": Names, "audit_compare_dname_path": Names,
		"audit_log_format": Format, "audit_log_d_path": Format, "audit_log_untrustedstring": Format, "__audit_log_bprm_fcaps": Format,
		"audit_log_start": Queue, "audit_log_end.part.0": Queue, "audit_log_lost.cold": Queue, "kauditd_thread": Queue, "kauditd_send_queue": Queue,
		"__audit_syscall_entry": OtherAudit, "audit_reset_context": OtherAudit,
		"do_audit": OutsideAudit, "selinux_audit_data": OutsideAudit, "vfs_read": OutsideAudit, "": OutsideAudit,
	} {
		if got := placeOfFunction(name); got != want {
			t.Errorf("%s: place %d, want %d", name, got, want)
		}
	}
}

func TestSymbolsThatCannotBeUsed(t *testing.T) {
	for what, text := range map[string]string{
		"hidden":  "0000000000000000 T do_syscall_64\n0000000000000000 t audit_log_exit\n",
		"empty":   "",
		"garbage": "xyz T do_syscall_64\n",
	} {
		if s, err := parseSymbols(strings.NewReader(text)); err == nil {
			t.Errorf("%s: %d symbols", what, len(s))
		}
	}
}

func FuzzParseSymbols(f *testing.F) {
	f.Add(someSymbols)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseSymbols(strings.NewReader(text))
		if err != nil {
			return
		}
		for i := range s {
			if i > 0 && s[i].address < s[i-1].address {
				t.Fatal("out of order")
			}
			if got := s.name(s[i].address); got == "" {
				t.Fatalf("no name for %x", s[i].address)
			}
		}
	})
}
