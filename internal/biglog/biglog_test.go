package biglog

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

const recorded = `type=DAEMON_START msg=audit(1700000000.999:4921): op=start
type=SYSCALL msg=audit(1700000001.005:10): arch=c000003e comm="msg=audit(1.2:3)"
node=h type=CWD msg=audit(1700000001.005:10): cwd="/"
type=SYSCALL msg=audit(1700000003.120:12): arch=c000003e
`

func TestRepetitionsFollowOneAnother(t *testing.T) {
	s, err := parse([]byte(recorded))
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := s.repeat(&got, int64(len(recorded))+1); err != nil {
		t.Fatal(err)
	}
	want := recorded + strings.NewReplacer("1700000000.", "1700000003.", "1700000001.", "1700000004.", "1700000003.", "1700000006.",
		":10)", ":13)", ":12)", ":15)").Replace(recorded)
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
}

func TestWhatCannotBeRepeatedIsRefused(t *testing.T) {
	for _, text := range []string{"", "type=SYSCALL\n"} {
		if _, err := parse([]byte(text)); err == nil {
			t.Errorf("%q is repeated", text)
		}
	}
	if _, err := Make(0); err == nil {
		t.Error("a log of no bytes is made")
	}
	t.Setenv("AUDITPROF_CORPUS", t.TempDir())
	if _, err := Make(1); err == nil || !strings.Contains(err.Error(), "audit.log.zst") {
		t.Errorf("no corpus: %v", err)
	}
}

func TestMadeOnce(t *testing.T) {
	corpus := t.TempDir()
	t.Setenv("AUDITPROF_CORPUS", corpus)
	t.Setenv("TMPDIR", t.TempDir())
	if err := os.Mkdir(filepath.Join(corpus, "recorded"), 0o755); err != nil {
		t.Fatal(err)
	}
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	packed := enc.EncodeAll([]byte(recorded), nil)
	if err := os.WriteFile(filepath.Join(corpus, "recorded", "audit.log.zst"), packed, 0o644); err != nil {
		t.Fatal(err)
	}
	path := Path(t, 1000)
	before, err := os.Stat(path)
	if err != nil || before.Size() < 1000 || before.Size() > 1000+int64(len(recorded)) {
		t.Fatalf("%+v %v", before, err)
	}
	after, err := os.Stat(Path(t, 1000))
	if err != nil || !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		t.Errorf("made again: %+v, %v", after, err)
	}
	if left, _ := os.ReadDir(Folder()); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}
