package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// names of the figures that ratios are taken of.
const (
	oneCore    = "auditprof analyze, one core"
	twoCores   = "auditprof analyze, two cores"
	ofShort    = "auditprof analyze of the short log"
	ofGzip     = "auditprof analyze of gzip"
	ofZstd     = "auditprof analyze of zstd"
	gunzip     = "gzip -dc"
	unzstd     = "zstd -dc"
	grepCount  = "grep -c type=SYSCALL"
	goLibaudit = "auparse of go-libaudit"
	laurelName = "laurel"
	aureport   = "aureport --key --summary"
)

// logs are the files that are read.
type logs struct {
	plain, short, gzip, zstd       string
	whyGzip, whyZstd               string // why there is none
	plainBytes, shortBytes, inGzip int64
	inZstd                         int64
}

// setup is what the flags say.
type setup struct {
	auditprof, rules, auparse, laurel string
	bytes, shortBytes                 int64
	runs                              int
	work                              string // folder for logs and laurel's files
}

// plan lists the commands, ours first.
func plan(s *setup, l *logs) []*figure {
	ours := func(name, cores, jobs, log, input string, bytes int64, why string) *figure {
		return &figure{command: command{name: name, cores: cores, runs: s.runs, input: input, bytes: bytes, why: why,
			args: []string{s.auditprof, "analyze", "--rules", s.rules, "--format", "json", "--output", "/dev/null", "--jobs", jobs, log}}}
	}
	peer := func(name, why, stdin, input string, bytes int64, runs int, args ...string) *figure {
		return &figure{command: command{name: name, cores: "0", runs: runs, input: input, bytes: bytes, why: why, stdin: stdin, args: args}}
	}
	plain := fmt.Sprintf("%.0f MB", float64(l.plainBytes)/1e6)
	short := fmt.Sprintf("first %.0f MB", float64(l.shortBytes)/1e6)
	gzip := fmt.Sprintf("%.0f MB of gzip", float64(l.inGzip)/1e6)
	zstd := fmt.Sprintf("%.0f MB of zstd", float64(l.inZstd)/1e6)
	laurel, whyNoLaurel := s.laurelArgs()
	all := []*figure{
		ours(oneCore, "0", "1", l.plain, plain, l.plainBytes, ""),
		ours(twoCores, "0,1", "2", l.plain, plain, l.plainBytes, ""),
		ours(ofGzip, "0,1", "2", l.gzip, gzip, l.plainBytes, l.whyGzip),
		peer(gunzip, l.whyGzip, "", gzip, l.plainBytes, s.runs, "gzip", "-dc", l.gzip),
		ours(ofZstd, "0,1", "2", l.zstd, zstd, l.plainBytes, l.whyZstd),
		peer(unzstd, l.whyZstd, "", zstd, l.plainBytes, s.runs, "zstd", "-dcq", "--long=27", l.zstd),
		peer(grepCount, missing("grep"), "", plain, l.plainBytes, s.runs, "grep", "-c", "type=SYSCALL", l.plain),
		peer(goLibaudit, missing(s.auparse), "", plain, l.plainBytes, 1, s.auparse, l.plain),
		peer(laurelName, whyNoLaurel, l.plain, plain, l.plainBytes, 1, laurel...),
		ours(ofShort, "0", "1", l.short, short, l.shortBytes, ""),
		peer(aureport, missing("aureport"), "", short, l.shortBytes, 1, "aureport", "--key", "--summary", "-if", l.short),
	}
	for _, f := range all {
		f.reads = f.name == grepCount || f.name == aureport || f.name == goLibaudit
	}
	return all
}

// missing says why a program cannot run, "" where it can.
func missing(program string) string {
	if program == "" {
		return "not given"
	}
	if _, err := exec.LookPath(program); err != nil {
		return "missing: " + err.Error()
	}
	return ""
}

// laurelArgs is laurel with the configuration that its Debian package installs, but for where the output goes: to standard output, which is
// /dev/null here, so that its disk is not measured.
func (s *setup) laurelArgs() (args []string, why string) {
	if why := missing(s.laurel); why != "" {
		return nil, why
	}
	path := filepath.Join(s.work, "laurel.toml")
	config := fmt.Sprintf(laurelConfig, s.work)
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		return nil, err.Error()
	}
	return []string{s.laurel, "-c", path}, ""
}

// laurelConfig is what is set in /etc/laurel/config.toml of laurel 0.5.1-1.
const laurelConfig = `directory = %q
user = "root"
statusreport-period = 0
[auditlog]
file = "-"
size = 5000000
generations = 10
[transform]
execve-argv = [ "array" ]
[translate]
universal = false
user-db = false
[enrich]
pid = true
execve-env = [ "LD_PRELOAD", "LD_LIBRARY_PATH" ]
container = true
script = true
[label-process]
label-keys = [ "software_mgmt" ]
propagate-labels = [ "software_mgmt", "amazon-ssm-agent" ]
`
