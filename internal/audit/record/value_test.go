package record

import "testing"

func TestAppendUntrusted(t *testing.T) {
	for _, c := range []struct {
		written, want string
		ok            bool
	}{
		{`"/etc/passwd"`, "/etc/passwd", true},
		{`2F746D702F612062`, "/tmp/a b", true},
		{`"2F746D70"`, "2F746D70", true}, // in quotes: literal
		{`2F746D7`, "2F746D7", true},     // no whole bytes
		{`2f746d70`, "2f746d70", true},   // the kernel writes capitals
		{`""`, "", true},
		{``, "", true},
		{`(null)`, "", false},
		{`"(null)"`, "(null)", true}, // a file of that name
		{`00FF0A`, "\x00\xff\n", true},
	} {
		v, ok := of("PATH", "item=0 name="+c.written+" inode=1").Value("name")
		if !ok {
			t.Fatalf("%s: not found", c.written)
		}
		got, ok := v.AppendUntrusted([]byte("before "))
		if string(got) != "before "+c.want || ok != c.ok {
			t.Errorf("%s: got %q %v, want %q %v", c.written, got, ok, c.want, c.ok)
		}
	}
}

// Kernel text in quotes holds no blank (it would be in hex). Where a forged line has one, what stands between quotes is no field.
func TestNoFieldInsideQuotes(t *testing.T) {
	r := of("SYSCALL", `pid=1 comm="x key=1 msg='auid=0" exe="/a" key="real"`)
	if v, ok := r.Value("key"); !ok || string(v.Text) != "real" {
		t.Errorf("key: got %q %v", v.Text, ok)
	}
	if v, ok := r.Value("auid"); ok {
		t.Errorf("auid: got %q from a quoted value", v.Text)
	}
	if v, ok := of("USER_CMD", `pid=1 msg='cmd="cut res=success'`).Value("res"); !ok || string(v.Text) != "success" {
		t.Errorf("a quote that is never closed hides res: got %q %v", v.Text, ok)
	}
}
