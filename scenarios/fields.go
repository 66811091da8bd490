package scenarios

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// field is a field of a scenario file: its name and how its value is read. Mapping fields have fields of their own.
type field struct {
	name string
	read func(*definition, *document, *yaml.Node)
}

// Bounds of what a file may ask for.
const (
	maxNameBytes  = 40
	maxTextBytes  = 300
	maxDirs       = 1000
	maxFiles      = 20_000
	maxSizeBytes  = 1 << 20
	maxDepth      = 20
	maxPoolBytes  = 256 << 20
	maxMaxOps     = 1_000_000_000
	maxWeight     = 1000
	maxArguments  = 64
	maxCommands   = 16
	maxSources    = 32
	maxArgument   = 4096
	maxRate       = 1e6
	leastRate     = 1
	defaultMaxOps = 10_000_000
)

var (
	legalName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
	legalUser = regexp.MustCompile(`^[a-z_][a-z0-9_-]{0,31}$`)
	legalFile = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$`)
)

// topFields are the fields of a scenario, in the order of docs/scenarios.md.
func topFields() []field {
	return []field{
		{"name", readName},
		{"imitates", func(f *definition, d *document, n *yaml.Node) { f.Imitates = d.text(n, "imitates", maxTextBytes) }},
		{"hurts", func(f *definition, d *document, n *yaml.Node) { f.Hurts = d.text(n, "hurts", maxTextBytes) }},
		{"op", func(f *definition, d *document, n *yaml.Node) { f.Op = d.text(n, "op", maxTextBytes) }},
		{"session", func(f *definition, d *document, n *yaml.Node) {
			f.Session = d.choice(n, "session", SessionService, SessionLogin)
		}},
		{"user", readUser},
		{"users", readUsers},
		{"needs", readNeeds},
		{"rate", readRate},
		{"workers", func(f *definition, d *document, n *yaml.Node) {
			f.Workers, f.workersAt = int(d.number(n, "workers", 1, maxWorkers)), n
		}},
		{"timed", func(f *definition, d *document, n *yaml.Node) {
			f.Timed, f.timedAt = d.truth(n, "timed"), n
		}},
		{"pilot_ops", func(f *definition, d *document, n *yaml.Node) {
			f.PilotOps = uint64(d.number(n, "pilot_ops", 1, maxMaxOps))
		}},
		{"max_ops", func(f *definition, d *document, n *yaml.Node) {
			f.MaxOps = uint64(d.number(n, "max_ops", 1, maxMaxOps))
		}},
		{"files", readFiles},
		{"io_bytes", func(f *definition, d *document, n *yaml.Node) {
			f.mix.ioBytes, f.bytesAt = int(d.number(n, "io_bytes", 1, maxSizeBytes)), n
		}},
		{"mix", readMix},
		{"command", func(f *definition, d *document, n *yaml.Node) { f.command.argv = readArgv(d, n, "command") }},
		{"prepare", func(f *definition, d *document, n *yaml.Node) { f.command.prepare = readCommands(d, n, "prepare") }},
		{"cleanup", func(f *definition, d *document, n *yaml.Node) { f.command.cleanup = readCommands(d, n, "cleanup") }},
		{"sources", readSources},
	}
}

// fileFields are the fields of files.
func fileFields() []field {
	count := func(name string, most int64, set func(*filePool) *int) field {
		return field{name, func(f *definition, d *document, n *yaml.Node) {
			*set(&f.mix.files) = int(d.number(n, "files."+name, 1, most))
		}}
	}
	return []field{
		count("dirs", maxDirs, func(p *filePool) *int { return &p.dirs }),
		count("count", maxFiles, func(p *filePool) *int { return &p.files }),
		count("min_bytes", maxSizeBytes, func(p *filePool) *int { return &p.minBytes }),
		count("max_bytes", maxSizeBytes, func(p *filePool) *int { return &p.maxBytes }),
		count("min_depth", maxDepth, func(p *filePool) *int { return &p.minDepth }),
		count("max_depth", maxDepth, func(p *filePool) *int { return &p.maxDepth }),
		{"prefix", readPrefix},
		{"suffix", readSuffix},
	}
}

// readFields reads the fields of a mapping. An unknown one is refused: a word that is spelt wrong would else be a default in silence.
func readFields(f *definition, d *document, n *yaml.Node, what string, fields []field) {
	d.each(n, what, func(key, value *yaml.Node) {
		var legal []string
		for _, field := range fields {
			if field.name == key.Value {
				field.read(f, d, value)
				return
			}
			legal = append(legal, field.name)
		}
		d.fail(key, "%s has no field %s: %s", what, printable(key.Value), unknown(key.Value, legal))
	})
}

// readName: the name is that of a program and of a folder.
func readName(f *definition, d *document, n *yaml.Node) {
	name := d.text(n, "name", maxNameBytes)
	if name == "" {
		return
	}
	if !legalName.MatchString(name) {
		d.fail(n, "name %s: lower case letters, digits and hyphens", printable(name))
		return
	}
	f.Name = name
}

func readUser(f *definition, d *document, n *yaml.Node) { f.Account = readAccount(d, n) }

// readAccount: root is refused here by name, and by its number where accounts are looked up. "" and a complaint where it is none.
func readAccount(d *document, n *yaml.Node) string {
	user := d.text(n, "user", maxNameBytes)
	switch {
	case user == "":
	case user == "root":
		d.fail(n, "user root: a scenario runs without rights, leave it out for nobody")
	case !legalUser.MatchString(user):
		d.fail(n, "user %s: the name of an account, as nobody", printable(user))
	default:
		return user
	}
	return ""
}

func readNeeds(f *definition, d *document, n *yaml.Node) {
	program := d.text(n, "needs", maxNameBytes)
	if program != "" && !legalFile.MatchString(program) {
		d.fail(n, "needs %s: the name of a program in /usr/bin or /bin, as cc", printable(program))
		return
	}
	f.Needs = program
}

func readRate(f *definition, d *document, n *yaml.Node) {
	rate, err := strconv.ParseFloat(n.Value, 64)
	if tag := n.ShortTag(); tag != "!!int" && tag != "!!float" || err != nil || !(rate >= leastRate && rate <= maxRate) {
		d.fail(n, "rate is %s: operations per second, from %d to %.0f; leave it out for one after the other", kindName(n), leastRate, maxRate)
		return
	}
	f.OpsPerSecond = rate
}

func readFiles(f *definition, d *document, n *yaml.Node) {
	f.filesAt = n
	readFields(f, d, n, "files", fileFields())
}

// readMix keeps the order of the file: it is part of what a seed means.
func readMix(f *definition, d *document, n *yaml.Node) {
	f.mixAt = n
	words := Operations()
	var legal []string
	for _, w := range words {
		legal = append(legal, w.Name)
	}
	d.each(n, "mix", func(key, value *yaml.Node) {
		for _, w := range words {
			if w.Name == key.Value {
				f.mix.ops = append(f.mix.ops, weighted{key.Value, int(d.number(value, "weight of "+key.Value, 1, maxWeight))})
				return
			}
		}
		d.fail(key, "no operation %s: %s", printable(key.Value), unknown(key.Value, legal))
	})
}

// readArgv: an argument list, never a line for a shell.
func readArgv(d *document, n *yaml.Node, what string) []string {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 || len(n.Content) > maxArguments {
		d.fail(n, "%s takes a list of 1 to %d arguments, as [gzip, -9, file]: no shell reads it", what, maxArguments)
		return nil
	}
	var argv []string
	for _, a := range n.Content {
		if a.Kind != yaml.ScalarNode || a.ShortTag() == "!!null" || len(a.Value) > maxArgument || strings.ContainsRune(a.Value, 0) {
			d.fail(a, "an argument of %s is %s: a text of at most %d bytes", what, kindName(a), maxArgument)
			return nil
		}
		argv = append(argv, a.Value)
	}
	if !path.IsAbs(argv[0]) && !legalFile.MatchString(argv[0]) {
		d.fail(n.Content[0], "program %s: an absolute path, or a name in /usr/bin or /bin", printable(argv[0]))
		return nil
	}
	return argv
}

func readCommands(d *document, n *yaml.Node, what string) [][]string {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 || len(n.Content) > maxCommands {
		d.fail(n, "%s takes a list of 1 to %d commands, each a list of arguments", what, maxCommands)
		return nil
	}
	var list [][]string
	for _, c := range n.Content {
		list = append(list, readArgv(d, c, what))
	}
	return list
}

// readSources: plain names only, so that no source lies outside of the work directory.
func readSources(f *definition, d *document, n *yaml.Node) {
	d.each(n, "sources", func(key, value *yaml.Node) {
		switch {
		case !legalFile.MatchString(key.Value):
			d.fail(key, "source %s: letters, digits, dot, hyphen and underscore, no folder", printable(key.Value))
		case value.Kind != yaml.ScalarNode:
			d.fail(value, "source %s takes a text, this is %s", printable(key.Value), kindName(value))
		case len(f.command.sources) >= maxSources:
			d.fail(key, "more than %d sources", maxSources)
		default:
			f.command.sources = append(f.command.sources, source{key.Value, value.Value})
		}
	})
}
