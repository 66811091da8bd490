package detect

import _ "embed"

// builtinText is the built-in list, in the form of a keep file.
//
//go:embed builtin.yaml
var builtinText string

// Builtin is the built-in list for a host.
func Builtin(host Host) []Detection {
	list, err := readYAML("builtin.yaml", builtinText, host, FromBuiltin)
	if err != nil {
		panic("the built-in detections are wrong: " + err.Error()) // a test reads them
	}
	return list
}

// readYAML reads a list of detections for a host.
func readYAML(name, text string, host Host, from Source) ([]Detection, error) {
	r := conditionReader{document: document{file: name}, host: &host, machine: machineOf(host.Machine), via: host.links()}
	list := r.readList(text, from)
	return list, r.err()
}
