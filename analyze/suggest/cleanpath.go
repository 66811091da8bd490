package suggest

import (
	"bytes"
	"iter"
	"strings"
)

// appendClean appends a path without what says nothing: empty components, single dots and slashes at the end. It refuses a path that is not
// absolute, and one with two dots: behind a symlink they lead elsewhere than the text says. dst may be path[:0].
func appendClean(dst, path []byte) ([]byte, bool) {
	if len(path) == 0 || path[0] != '/' {
		return dst, false
	}
	start := len(dst)
	for len(path) > 0 {
		part := path
		if i := bytes.IndexByte(path, '/'); i >= 0 {
			part, path = path[:i], path[i+1:]
		} else {
			path = nil
		}
		switch string(part) {
		case "", ".":
		case "..":
			return dst, false
		default:
			dst = append(append(dst, '/'), part...)
		}
	}
	if len(dst) == start {
		dst = append(dst, '/')
	}
	return dst, true
}

// parentOf is the folder of a clean path. That of the root is itself.
func parentOf(path []byte) []byte {
	i := bytes.LastIndexByte(path, '/')
	return path[:max(i, 1)]
}

// foldersAbove are the folders that a clean path is in, the nearest first, the root last. The path itself is none of them.
func foldersAbove(path string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for len(path) > 1 {
			i := strings.LastIndexByte(path, '/')
			if i < 0 {
				return
			}
			path = path[:max(i, 1)]
			if !yield(path) {
				return
			}
		}
	}
}

// below tells whether a clean path is a folder, or in it.
func below(path, folder string) bool {
	return strings.HasPrefix(path, folder) && (len(path) == len(folder) || folder == "/" || path[len(folder)] == '/')
}
