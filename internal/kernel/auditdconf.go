package kernel

import (
	"fmt"
	"path/filepath"
	"strings"
)

// auditdConf is an auditd.conf as lines, with what they say (auditd.conf(5)).
type auditdConf struct {
	lines []string
	// changed are the lines that differ from the host's, as "name: host -> here".
	changed []string
}

func parseAuditdConf(text string) auditdConf {
	return auditdConf{lines: strings.Split(strings.TrimRight(text, "\n"), "\n")}
}

// keyword splits "name = value"; the name is empty on a comment or a blank line.
func keyword(line string) (name, value string) {
	line = strings.TrimSpace(line)
	if strings.HasPrefix(line, "#") {
		return "", ""
	}
	name, value, _ = strings.Cut(line, "=")
	return strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
}

// get is the last value of a name, as auditd takes it, or other where the file does not say.
func (c auditdConf) get(name, other string) string {
	for _, line := range c.lines {
		if n, v := keyword(line); n == name {
			other = v
		}
	}
	return other
}

// logFormat is RAW, ENRICHED or NOLOG. Without a line it is ENRICHED since auditd 3.0 (src/auditd-config.c: clear_config).
func (c auditdConf) logFormat() string { return strings.ToUpper(c.get("log_format", "ENRICHED")) }

// set gives every line of that name the value, or appends one, and keeps what it was.
func (c *auditdConf) set(name, value string) {
	was, there := "not set", false
	for i, line := range c.lines {
		n, v := keyword(line)
		if n != name {
			continue
		}
		was, there = v, true
		c.lines[i] = name + " = " + value
	}
	if !there {
		c.lines = append(c.lines, name+" = "+value)
	}
	if was != value {
		c.changed = append(c.changed, fmt.Sprintf("%s: %s -> %s", name, was, value))
	}
}

// privatize changes the few lines that a private auditd must not share with the host: where it writes, which plugins
// it starts, when it rotates, and what it does to the machine when a disk is full.
func (c *auditdConf) privatize(logPath, pluginDir string) {
	c.set("log_file", logPath)
	c.set("plugin_dir", pluginDir)
	c.set("max_log_file_action", "IGNORE")
	for _, name := range []string{"space_left_action", "admin_space_left_action", "disk_full_action", "disk_error_action"} {
		c.set(name, "IGNORE")
	}
	// A log that the host does not write is still the one that is measured here.
	if !strings.EqualFold(c.get("write_logs", "yes"), "yes") {
		c.set("write_logs", "yes")
	}
	if c.logFormat() == "NOLOG" {
		c.set("log_format", "RAW")
	}
}

func (c auditdConf) text() string { return strings.Join(c.lines, "\n") + "\n" }

// warnings say what in the host's file makes a private auditd another thing than the host's, or reach out of it.
func (c auditdConf) warnings() []string {
	var w []string
	if port := c.get("tcp_listen_port", ""); port != "" {
		w = append(w, "auditd.conf has tcp_listen_port = "+port+": the private auditd listens there too; comment it out to be sure that nobody sends")
	}
	if v := c.get("overflow_action", ""); strings.EqualFold(v, "single") || strings.EqualFold(v, "halt") {
		w = append(w, "auditd.conf has overflow_action = "+v+": it does not act here, since no plugin runs")
	}
	if v := c.get("write_logs", "yes"); !strings.EqualFold(v, "yes") {
		w = append(w, "auditd.conf has write_logs = "+v+": here the log is written, so disk and CPU of auditd are more than on this host")
	}
	return w
}

// activePlugins are the names of the plugin files that say "active = yes" (auditd-plugins(5)).
func activePlugins(files map[string]string) []string {
	var active []string
	for name, text := range files {
		if filepath.Ext(name) == ".conf" && strings.EqualFold(parseAuditdConf(text).get("active", "no"), "yes") {
			active = append(active, strings.TrimSuffix(name, ".conf"))
		}
	}
	return active
}
