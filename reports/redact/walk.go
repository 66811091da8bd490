package redact

import (
	"encoding/base64"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/auditprof/auditprof/analyze"
)

// fields are those of results that say more than text: which name they hold. By type and field.
var fields = map[string]func(*Redactor, string) string{
	"result.Environment.Host":    (*Redactor).host,
	"result.Environment.BootID":  (*Redactor).boot,
	"result.Slot.Latency":        histogram,
	"result.Unit.Metric":         command,
	"result.Source.Lines":        sourceLine,
	"analyze.Host.Name":          (*Redactor).host,
	"analyze.Hole.Host":          (*Redactor).host,
	"analyze.User.AUID":          (*Redactor).user,
	"analyze.User.UID":           (*Redactor).user,
	"analyze.UserCount.AUIDName": (*Redactor).user,
	"analyze.UserCount.UIDName":  (*Redactor).user,
	"advice.Split.HeldOut":       (*Redactor).host,
}

// pathFields hold one path, blanks and all.
var pathFields = map[string]bool{"Exe": true, "Path": true, "File": true, "Files": true, "Programs": true, "Input": true, "Name": true, "AuditdConf": true}

// numbers are fields with the number of a user.
var numbers = map[string]bool{"result.Environment.WorkUID": true, "advice.Lost.UID": true}

// command is a command line without its arguments.
func command(r *Redactor, line string) string {
	name, _, more := strings.Cut(strings.TrimSpace(line), " ")
	if more {
		return r.path(name) + " (arguments)"
	}
	return r.path(name)
}

// reached is how somebody or something is reached: mail addresses, addresses of pages, of hosts.
var reached = regexp.MustCompile(`[\w.+-]+@[\w.-]+|\b\w+://\S+|\b\d{1,3}(?:\.\d{1,3}){3}\b`)

// sourceLine is a line of a rule file. Comments are written for colleagues: what is theirs goes.
func sourceLine(r *Redactor, line string) string {
	if strings.HasPrefix(strings.TrimSpace(line), "#") {
		line = reached.ReplaceAllString(line, "(address)")
	}
	return r.Text(line)
}

// histogram keeps what is one: it is base64, in which any word may stand by chance.
func histogram(r *Redactor, text string) string {
	if _, err := base64.StdEncoding.DecodeString(text); err == nil && strings.HasPrefix(text, "HISTFAAA") {
		return text
	}
	return ""
}

// copied is the value with every text in it redacted, sharing nothing with the original.
func copied[T any](r *Redactor, v T) T {
	in := reflect.ValueOf(&v).Elem()
	out := reflect.New(in.Type()).Elem()
	r.copy(out, in, (*Redactor).Text)
	return out.Interface().(T)
}

var timeType = reflect.TypeFor[time.Time]()

// copy writes in to out; text is what texts go through.
func (r *Redactor) copy(out, in reflect.Value, text func(*Redactor, string) string) {
	switch in.Kind() {
	case reflect.String:
		out.SetString(text(r, in.String()))
	case reflect.Pointer:
		if !in.IsNil() {
			out.Set(reflect.New(in.Type().Elem()))
			r.copy(out.Elem(), in.Elem(), text)
		}
	case reflect.Slice:
		if in.IsNil() {
			return
		}
		out.Set(reflect.MakeSlice(in.Type(), in.Len(), in.Len()))
		for i := range in.Len() {
			r.copy(out.Index(i), in.Index(i), text)
		}
	case reflect.Array:
		for i := range in.Len() {
			r.copy(out.Index(i), in.Index(i), text)
		}
	case reflect.Map:
		r.copyMap(out, in, text)
	case reflect.Struct:
		r.copyStruct(out, in)
	default:
		out.Set(in)
	}
}

// copyMap goes by the order of keys: numbers of placeholders are not to hang on that of a map.
func (r *Redactor) copyMap(out, in reflect.Value, text func(*Redactor, string) string) {
	if in.IsNil() {
		return
	}
	out.Set(reflect.MakeMapWithSize(in.Type(), in.Len()))
	for _, key := range sortedKeys(in) {
		k, v := reflect.New(key.Type()).Elem(), reflect.New(in.Type().Elem()).Elem()
		r.copy(k, key, text)
		r.copy(v, in.MapIndex(key), text)
		out.SetMapIndex(k, v)
	}
}

// copyStruct knows fields by name. A struct with fields of its own package is one value: times.
func (r *Redactor) copyStruct(out, in reflect.Value) {
	if in.Type() == timeType {
		out.Set(in)
		return
	}
	if u, ok := in.Interface().(analyze.UserCount); ok {
		r.same(u.AUID, u.AUIDName)
		r.same(u.UID, u.UIDName)
	}
	for i := range in.NumField() {
		field := in.Type().Field(i)
		name := in.Type().String() + "." + field.Name
		switch {
		case !field.IsExported() && !field.Anonymous:
		case numbers[name]:
			out.Field(i).SetUint(uint64(r.number(uint32(in.Field(i).Uint()))))
		case fields[name] != nil:
			r.copy(out.Field(i), in.Field(i), fields[name])
		case pathFields[field.Name]:
			r.copy(out.Field(i), in.Field(i), (*Redactor).path)
		default:
			r.copy(out.Field(i), in.Field(i), (*Redactor).Text)
		}
	}
}
