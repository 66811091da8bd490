package html

import (
	"reflect"

	"github.com/auditprof/auditprof/reports/escape"
)

// clean is a copy of a plain value in which each string is one line of printable characters: a page shows no control character, and no
// character that turns the writing direction.
func clean[T any](v T) T {
	out := reflect.New(reflect.TypeOf(&v).Elem()).Elem()
	cleanInto(out, reflect.ValueOf(&v).Elem())
	return out.Interface().(T)
}

func cleanInto(to, from reflect.Value) {
	switch from.Kind() {
	case reflect.String:
		to.SetString(escape.Line(from.String()))
	case reflect.Pointer:
		if !from.IsNil() {
			to.Set(reflect.New(from.Type().Elem()))
			cleanInto(to.Elem(), from.Elem())
		}
	case reflect.Slice:
		if !from.IsNil() {
			to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
			for i := range from.Len() {
				cleanInto(to.Index(i), from.Index(i))
			}
		}
	case reflect.Map:
		cleanMap(to, from)
	case reflect.Struct:
		to.Set(from) // what is not exported stays as it is: times, whose text is ours
		for i := range from.NumField() {
			if from.Type().Field(i).IsExported() {
				cleanInto(to.Field(i), from.Field(i))
			}
		}
	default:
		to.Set(from)
	}
}

func cleanMap(to, from reflect.Value) {
	if from.IsNil() {
		return
	}
	to.Set(reflect.MakeMapWithSize(from.Type(), from.Len()))
	for each := from.MapRange(); each.Next(); {
		key, value := reflect.New(from.Type().Key()).Elem(), reflect.New(from.Type().Elem()).Elem()
		cleanInto(key, each.Key())
		cleanInto(value, each.Value())
		to.SetMapIndex(key, value)
	}
}
