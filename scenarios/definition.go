package scenarios

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// definition is a scenario as its YAML text says: a mix of operations, or a command. docs/scenarios.md has the fields, docs/scenario.schema.json
// their schema.
type definition struct {
	Info
	mix     mix
	command command

	mixAt, filesAt, bytesAt, timedAt, usersAt, workersAt *yaml.Node // nil: not in the file
}

// parse reads a scenario file. file is what errors call it. The error names every place at which something is wrong, each as an *Error.
func parse(file, text string) (*definition, error) {
	d := &document{file: file}
	top := d.parse(text)
	if top == nil {
		return nil, d.err()
	}
	f := &definition{Info: Info{Session: SessionService, Timed: true}}
	readFields(f, d, top, "a scenario", topFields())
	if len(d.errs) == 0 {
		f.check(d, top)
	}
	if len(d.errs) > 0 {
		return nil, d.err()
	}
	f.complete(file)
	return f, nil
}

// check refuses fields that do not go together.
func (f *definition) check(d *document, top *yaml.Node) {
	command := len(f.command.argv) > 0
	switch {
	case command && f.mixAt != nil:
		d.fail(f.mixAt, "a mix and a command: a scenario is one of them")
	case !command && f.mixAt == nil:
		d.fail(top, "neither a mix nor a command: give mix: {stat: 1} or command: [true]")
	case !command && (f.command.prepare != nil || f.command.cleanup != nil || f.command.sources != nil):
		d.fail(top, "prepare, cleanup and sources go with a command")
	case command && f.filesAt != nil:
		d.fail(f.filesAt, "files are for a mix: a command finds what prepare and sources made")
	case f.bytesAt != nil && f.mix.weight("read-zero")+f.mix.weight("write-null") == 0:
		d.fail(f.bytesAt, "io_bytes is given, and neither read-zero nor write-null is in a mix")
	case f.usersAt != nil && !f.checkUsers(d):
	case !f.Timed && f.OpsPerSecond > 0:
		d.fail(f.timedAt, "timed is false, and what comes at a rate is always timed: leave one out")
	case f.PilotOps > 0 && f.MaxOps > 0 && f.PilotOps > f.MaxOps:
		d.fail(top, "pilot_ops %d is more than max_ops %d", f.PilotOps, f.MaxOps)
	case !command:
		f.checkMix(d)
	}
}

// checkMix wants as many files made as removed: else the pool runs empty, or a long slot fills the disk.
func (f *definition) checkMix(d *document) {
	balance := map[string]int{}
	usesFiles := false
	for _, op := range f.mix.ops {
		word := operationNamed(op.op)
		balance[word.pool] += word.makes * op.weight
		usesFiles = usesFiles || word.Family == "files"
	}
	switch {
	case balance["file"] != 0:
		d.fail(f.mixAt, "the weights of create, copy and link are together %+d beside that of unlink: make them equal, or the files run out or fill the disk", balance["file"])
	case balance["dir"] != 0:
		d.fail(f.mixAt, "the weight of mkdir is %+d beside that of rmdir: make them equal, or the directories run out or fill the disk", balance["dir"])
	case !usesFiles && f.filesAt != nil:
		d.fail(f.filesAt, "files are given, and no operation of the mix uses them")
	}
	if p := f.mix.files; p.folder != "" && max(p.dirs, p.minDepth, p.maxDepth) > 0 {
		d.fail(f.filesAt, "files.prefix names the folder: leave dirs, min_depth and max_depth out, or the folder")
	}
	f.mix.files.complete()
	// All removals of a deck may come before the first that makes a file.
	f.mix.files.files = max(f.mix.files.files, f.mix.weight("unlink")+1)
	if p := f.mix.files; f.filesAt != nil {
		switch {
		case p.maxBytes < p.minBytes:
			d.fail(f.filesAt, "files of %d to %d bytes: max_bytes must not be less than min_bytes", p.minBytes, p.maxBytes)
		case p.maxDepth < p.minDepth:
			d.fail(f.filesAt, "paths %d to %d deep: max_depth must not be less than min_depth", p.minDepth, p.maxDepth)
		case int64(p.files)*int64(p.maxBytes)*int64(max(1, f.Workers, len(f.Users.List()))) > maxPoolBytes:
			d.fail(f.filesAt, "%d files of up to %d bytes%s: at most %d bytes together", p.files, p.maxBytes, f.forEach(), maxPoolBytes)
		}
	}
}

// forEach says that every worker and every user has files of its own.
func (f *definition) forEach() string {
	switch users := len(f.Users.List()); {
	case users > 1:
		return fmt.Sprintf(" for each of %d users", users)
	case f.Workers > 1:
		return fmt.Sprintf(" for each of %d workers", f.Workers)
	}
	return ""
}

// complete fills in what the file left out.
func (f *definition) complete(file string) {
	if f.Name == "" {
		f.Name = nameOf(file)
	}
	if f.Imitates == "" {
		f.Imitates = "What " + f.Name + " says."
	}
	if f.Hurts == "" {
		f.Hurts = "Whatever of it the rules record."
	}
	if f.Op == "" {
		f.Op = "operation"
	}
	if f.Workers > 1 { // every report says what one operation is, and its figures are not those of one worker
		f.Op += fmt.Sprintf(" (%d workers)", f.Workers)
	}
	if n := len(f.Users.List()); n > 1 {
		f.Op += fmt.Sprintf(" (%d users)", n)
	}
	for _, op := range f.mix.ops {
		f.AuditWrite = f.AuditWrite || operationNamed(op.op).Family == "messages"
	}
	if f.MaxOps == 0 {
		f.MaxOps = max(defaultMaxOps, f.PilotOps)
	}
	if f.OpsPerSecond > 0 {
		rated := f.AtRate(f.OpsPerSecond)
		f.Timed, f.FixedTime = true, true
		if f.PilotOps == 0 {
			f.PilotOps = rated.PilotOps
		}
	}
	if f.PilotOps == 0 {
		f.PilotOps = min(100, f.MaxOps)
		if len(f.command.argv) > 0 {
			f.PilotOps = min(uint64(max(1, f.Workers)), f.MaxOps) // one each: a pilot of one worker knows nothing of the others
		}
	}
}

// Digest is the SHA-256 of the definition in hex, by which scenarios of one name are told apart; "" for those that ship.
func (i Info) Digest() string {
	if i.Definition == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(i.Definition))
	return hex.EncodeToString(sum[:])
}

// nameOf makes a scenario's name of that of its file.
func nameOf(file string) string {
	base := strings.ToLower(filepath.Base(file))
	base = strings.TrimSuffix(strings.TrimSuffix(base, ".yaml"), ".yml")
	name := strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, base), "-")
	if name == "" {
		return "file"
	}
	return strings.TrimRight(name[:min(len(name), maxNameBytes)], "-")
}

// scenario is the definition with the way to make its workload.
func (f *definition) scenario() scenario {
	if len(f.command.argv) > 0 {
		return scenario{Info: f.Info, workload: f.command.workload}
	}
	return scenario{Info: f.Info, workload: f.mix.workload}
}
