package scenarios

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// everyFileOperation is a mix of all operations on files, which removes as much as it makes.
const everyFileOperation = "mix: {create: 1, append: 1, read: 1, stat: 1, rename: 2, chmod: 1, unlink: 3, mkdir: 1, rmdir: 1, open-missing: 1, open-close: 1, " +
	"access: 1, chown: 1, setxattr: 1, truncate: 1, fsync: 1, link: 1, symlink: 1, copy: 1, replace: 2, list-dir: 1, import: 1}\n"

// TestNamesOfOnesOwn: files lie where the scenario says and are called what it says, whatever was done to them.
func TestNamesOfOnesOwn(t *testing.T) {
	for _, c := range []struct{ files, want string }{
		{"{count: 5, prefix: base/16384/PG_}", `^base/16384/PG_f\d{8}$`},
		{"{count: 5, prefix: .git/objects/}", `^\.git/objects/f\d{8}$`},
		{"{count: 5, suffix: .wal}", `^d0\d\d/f\d{8}\.wal$`},
		{"{count: 5, dirs: 2, max_depth: 2, prefix: pg_, suffix: .tmp~}", `^(sub/)?d00\d/pg_f\d{8}\.tmp~$`},
		{"{count: 5}", `^d0\d\d/f\d{8}$`},
	} {
		want := regexp.MustCompile(c.want)
		spec := crewSpec(t, everyFileOperation+"files: "+c.files+"\n")
		p := launch(t, "/proc/self/exe", spec.Scenario, DefinedWord)
		p.tell(spec)
		p.ready()
		p.order(300)
		work, found := filepath.Join(spec.Dir, WorkName), 0
		must(t, filepath.WalkDir(work, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			if name := strings.TrimPrefix(path, work+"/"); !want.MatchString(name) {
				t.Errorf("files: %s made %s", c.files, name)
			}
			found++
			return nil
		}))
		if found == 0 {
			t.Errorf("files: %s made none", c.files)
		}
		p.end(0)
		wantEmpty(t, spec.Dir)
	}
}

// TestAPlantedLinkIsNotFollowed: a folder that is there already, as a link out of the work directory, ends the set-up, and nothing is made behind it.
func TestAPlantedLinkIsNotFollowed(t *testing.T) {
	for _, planted := range []string{"base", "base/16384"} {
		work, outside := workDir(t, os.Geteuid()), workDir(t, os.Geteuid())
		must(t, os.MkdirAll(filepath.Join(outside, "16384"), 0o755))
		if planted != "base" {
			must(t, os.Mkdir(filepath.Join(work, "base"), 0o755))
		}
		must(t, os.Symlink(outside, filepath.Join(work, planted)))
		f := &files{pool: filePool{dirs: 1, files: 3, minBytes: 1, maxBytes: 1, folder: "base/16384", prefix: "PG_"}}
		if err := f.setup(newSite(work, Spec{})); err == nil || !strings.Contains(err.Error(), "file exists") {
			t.Errorf("%s as a link: %v", planted, err)
		}
		must(t, filepath.WalkDir(outside, func(path string, e os.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				t.Errorf("%s was made behind the link", path)
			}
			return err
		}))
	}
}
