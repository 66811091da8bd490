package matchtest

// What a tree holds, as names below Dir. Work folders may be written by all; ro and d by root only; d may be searched by root only.
var (
	treeDirs  = []string{"", "a", "a/b", "a/b/c", "w", "w/x", "ro", "d", "d/sub", "sg", "bin", "tm", "tm/td", "bm"}
	treeFiles = []string{"a/f1", "a/f2", "a/f3", "a/b/g1", "a/b/g2", "a/b/c/e1", "w/o1", "w/o2", "w/x/p1", "ro/r1", "ro/r2", "d/s1", "d/sub/s2",
		"sg/q1", "tm/t1", "tm/td/t2", "a/sp ace", "a/unü"}
	treeLinks = [][2]string{{"lnk", "a"}, {"abs", "@/a/b"}, {"w/up", "../ro"}, {"flnk", "a/f1"}, {"a/fl2", "b/g1"}, {"w/dang", "nowhere"},
		{"bin/alias", "prog"}, {"dlnk", "d"}}
	treeHard = [][2]string{{"w/hard", "ro/r1"}, {"a/hard2", "a/f2"}}
)

// people are whom actors become. The second and the last have no account on any machine.
var people = []struct {
	uid, gid int
	groups   []int
}{
	{0, 0, []int{0}},
	{71500, 71500, []int{71600, 71601}},
	{33, 33, []int{4, 71600}},
	{65534, 65534, nil},
	{71501, 100, []int{71601}},
}
