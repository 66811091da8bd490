package rule

import "cmp"

// compareVersions orders file names as ls -v does, which is GNU's filevercmp: runs of digits compare as numbers, a ~ sorts before
// everything, suffixes such as .rules come into play only where the rest is equal; then byte by byte. Names that begin with a dot
// do not occur here.
func compareVersions(a, b string) int {
	stemA, stemB := stem(a), stem(b)
	if c := compareRuns(stemA, stemB); c != 0 {
		return c
	}
	if c := compareRuns(a, b); c != 0 {
		return c
	}
	return cmp.Compare(a, b)
}

// stem is a name without its suffixes: the longest tail of parts that begin with a dot and a letter or ~ and go on with letters,
// digits and ~.
func stem(s string) string {
	end := 0
	for i := 0; i < len(s); {
		i++
		end = i
		for i+1 < len(s) && s[i] == '.' && (isLetter(s[i+1]) || s[i+1] == '~') {
			for i += 2; i < len(s) && (isLetter(s[i]) || isDigit(s[i]) || s[i] == '~'); i++ {
			}
		}
	}
	return s[:end]
}

// compareRuns compares text and numbers in turn.
func compareRuns(a, b string) int {
	for a != "" || b != "" {
		for a != "" && !isDigit(a[0]) || b != "" && !isDigit(b[0]) {
			if c := cmp.Compare(weight(a), weight(b)); c != 0 {
				return c
			}
			a, b = tail(a), tail(b)
		}
		var numA, numB string
		numA, a = cutNumber(a)
		numB, b = cutNumber(b)
		if c := cmp.Compare(len(numA), len(numB)); c != 0 {
			return c
		}
		if c := cmp.Compare(numA, numB); c != 0 {
			return c
		}
	}
	return 0
}

// cutNumber takes the digits at the start of s, without leading zeros.
func cutNumber(s string) (number, rest string) {
	for s != "" && s[0] == '0' {
		s = s[1:]
	}
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return s[:n], s[n:]
}

// weight orders the first byte of a text: ~ before the end, the end before a digit, letters, everything else.
func weight(s string) int {
	switch {
	case s == "":
		return -1
	case isDigit(s[0]):
		return 0
	case isLetter(s[0]):
		return int(s[0])
	case s[0] == '~':
		return -2
	}
	return int(s[0]) + 256
}

func tail(s string) string {
	if s == "" {
		return s
	}
	return s[1:]
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
