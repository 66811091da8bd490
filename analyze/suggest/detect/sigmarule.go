package detect

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// sigmaReader makes detections of the rules in one file. The form is that of the Sigma specification, version 2 (sigma-rules-specification).
type sigmaReader struct {
	document
	host    *Host
	machine machine
	via     links

	source  *logSource
	unclear []string // of the rule that is read
}

func newSigmaReader(file string, host Host) *sigmaReader {
	return &sigmaReader{document: document{file: file}, host: &host, machine: machineOf(host.Machine), via: host.links()}
}

// logSource is where the events of a rule come from.
type logSource struct {
	category string // "" is auditd's own records
	access   Access // what of a file is meant, of the categories of files
	calls    string // which calls are meant
	internet bool   // with internet addresses
}

// categories are those of Sigma that a log of auditd can show (sigma-appendix-taxonomy).
var categories = map[string]*logSource{
	"process_creation":   {category: "process_creation", calls: execCalls},
	"file_event":         {category: "file_event", access: Write},
	"file_access":        {category: "file_access", access: Read | Write},
	"file_change":        {category: "file_change", access: Write | Attr},
	"file_delete":        {category: "file_delete", access: Delete},
	"file_rename":        {category: "file_rename", calls: "rename renameat renameat2"},
	"network_connection": {category: "network_connection", calls: "connect accept accept4 sendto sendmsg sendmmsg socketcall", internet: true},
}

var auditd = &logSource{}

// read takes the rules of a file into out.
func (r *sigmaReader) read(text string, out *Sigma) {
	for _, doc := range r.parse(text) {
		if doc.Kind != yaml.MappingNode {
			out.Others++
			continue
		}
		d, ok := r.rule(doc)
		if !ok {
			out.Others++
			continue
		}
		out.Detections = append(out.Detections, d)
		if len(d.Unclear) > 0 {
			out.Unclear++
		}
	}
}

// rule reads one rule; false for what is none, or is about other logs.
func (r *sigmaReader) rule(doc *yaml.Node) (Detection, bool) {
	fields := map[string]*yaml.Node{}
	r.each(doc, func(key, value *yaml.Node) { fields[key.Value] = value })
	r.source, r.unclear = r.sourceOf(fields["logsource"]), nil
	if r.source == nil || fields["detection"] == nil {
		return Detection{}, false
	}
	d := Detection{Source: FromSigma, File: r.file, Line: doc.Line, Name: r.file}
	if title := fields["title"]; title != nil && title.Kind == yaml.ScalarNode && title.Value != "" {
		d.Name = printable(title.Value)
	}
	if tags := fields["tags"]; tags != nil {
		d.Mitre = techniqueOf(tags)
	}
	d.conds = r.detection(fields["detection"])
	d.Unclear = r.unclear
	return d, true
}

// sourceOf tells which logs a rule is about, nil where it is not about auditd on Linux.
func (r *sigmaReader) sourceOf(n *yaml.Node) *logSource {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	of := map[string]string{}
	r.each(n, func(key, value *yaml.Node) { of[key.Value] = strings.ToLower(value.Value) })
	switch {
	case of["product"] != "" && of["product"] != "linux":
		return nil
	case of["service"] == "auditd":
		return auditd
	case of["product"] == "linux" && of["service"] == "":
		return categories[of["category"]]
	}
	return nil
}

// techniqueOf is the first technique among the tags: attack.t1548.003.
func techniqueOf(tags *yaml.Node) string {
	for _, tag := range tags.Content {
		name := strings.ToUpper(strings.TrimPrefix(tag.Value, "attack."))
		if techniques.MatchString(name) {
			return name
		}
	}
	return ""
}

// detection reads the searches of a rule and puts them together as its condition says.
func (r *sigmaReader) detection(n *yaml.Node) []Condition {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "detection is %s, and should be searches with names, and a condition", kindName(n))
		return nil
	}
	x := expression{reader: r, searches: map[string][]Condition{}}
	var condition *yaml.Node
	r.each(n, func(key, value *yaml.Node) {
		switch key.Value {
		case "condition":
			condition = value
		case "timeframe":
		default:
			x.names = append(x.names, key.Value)
			x.searches[key.Value] = r.search(value)
		}
	})
	if condition == nil {
		r.fail(n, "detection has no condition: say which searches it needs, such as condition: selection")
		return nil
	}
	slices.Sort(x.names)
	var out []Condition
	for _, c := range r.scalars(condition, "condition") {
		x.at = c
		out = append(out, x.read(c.Value)...)
	}
	for i := range out {
		out[i].tests = append(r.sourceTests(), out[i].tests...)
	}
	return out
}

// sourceTests are what the source of a rule's events asks by itself.
func (r *sigmaReader) sourceTests() []test {
	switch {
	case r.source.access != 0:
		t := test{field: ofCalls, access: r.source.access, said: r.source.category}
		t.addCalls(r.machine.accessCalls(r.source.access))
		return []test{t}
	case r.source.calls != "":
		t := test{field: ofCalls, said: r.source.category}
		t.addCalls(r.machine.words(r.source.calls))
		tests := []test{t}
		if r.source.internet {
			tests = append(tests, test{field: ofFamily, nums: oneNumber(familyInet).union(oneNumber(familyInet6)), said: "family inet or inet6"})
		}
		return tests
	}
	return nil
}

// doubt notes a part that is not understood. The test that stands for it may be true of any event.
func (r *sigmaReader) doubt(what string) test {
	what = printable(what)
	if !slices.Contains(r.unclear, what) {
		r.unclear = append(r.unclear, what)
	}
	return test{field: ofUnknown, said: what}
}
