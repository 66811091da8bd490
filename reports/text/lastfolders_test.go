package text

import "testing"

// Behaviours below one folder must be told apart on a narrow page: their names differ at the end.
func TestLastFolders(t *testing.T) {
	for _, c := range []struct {
		path string
		room int
		want string
	}{
		{"/var/lib/pg/base/16384", 22, "/var/lib/pg/base/16384"},
		{"/var/lib/pg/base/16384", 21, ".../lib/pg/base/16384"},
		{"/var/lib/pg/base/16384", 17, ".../pg/base/16384"},
		{"/var/lib/pg/base/16384", 3, ".../16384"},
		{"/var/lib/pg/base/", 9, ".../base/"},
		{"no file", 3, "no file"},
		{"/a\n\n\n/b", 10, ".../b"},
		{"", 0, ""},
		{"/", 0, "/"},
	} {
		if got := lastFolders(c.path, c.room); got != c.want {
			t.Errorf("%q in %d columns: %q, want %q", c.path, c.room, got, c.want)
		}
	}
}
