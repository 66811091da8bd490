package scenarios

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Bounds of the names of files: a folder's is at most maxPrefix, a file's, with the nine bytes of its number, far below the 255 of a file system.
const (
	maxPrefix     = 200
	maxNameAround = 64 // bytes of a name before its number, and behind it
)

var (
	// legalPrefix is folders below the work directory, none of them "." or "..", and the beginning of a name.
	legalPrefix = regexp.MustCompile(`^(\.?[A-Za-z0-9_][A-Za-z0-9_.+@:~=-]*/){0,20}[A-Za-z0-9_.+@:~=-]{0,64}$`)
	legalSuffix = regexp.MustCompile(`^[A-Za-z0-9_.+@:~=-]{1,64}$`)
)

// takenFolders are entries of the work directory that operations make.
var takenFolders = []string{deniedName, "app.sock", "nscd", "page"}

// readPrefix parts base/16384/PG_ into the folder base/16384 and the beginning PG_ of each name in it.
func readPrefix(f *definition, d *document, n *yaml.Node) {
	text := d.text(n, "files.prefix", maxPrefix)
	switch {
	case text == "":
		return
	case !legalPrefix.MatchString(text):
		d.fail(n, "files.prefix %s: the beginning of names, with folders before it or not, as base/16384/PG_: letters, digits and _.+@:~=-, at most %d behind the folders, nothing absolute and no ..",
			printable(text), maxNameAround)
		return
	}
	at := strings.LastIndexByte(text, '/')
	f.mix.files.folder, f.mix.files.prefix = text[:max(at, 0)], text[at+1:]
	if first, _, _ := strings.Cut(f.mix.files.folder, "/"); slices.Contains(takenFolders, first) {
		d.fail(n, "files.prefix %s: %s is what operations make in the work directory themselves: take another folder", printable(text), first)
	}
}

// readSuffix reads the end of each name.
func readSuffix(f *definition, d *document, n *yaml.Node) {
	text := d.text(n, "files.suffix", maxNameAround)
	if text != "" && !legalSuffix.MatchString(text) {
		d.fail(n, "files.suffix %s: the end of names, as .wal: letters, digits and _.+@:~=-, no folder", printable(text))
		return
	}
	f.mix.files.suffix = text
}
