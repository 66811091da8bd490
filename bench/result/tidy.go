package result

import (
	"fmt"
	"math"
	"reflect"
	"time"
)

// tidy copies v so that it can be written and read by anyone: JSON has no NaN, so a number that is not finite is left out of a map (an absent
// metric) and is 0 elsewhere; lists and maps that are nil become empty ones, so that a reader never meets null. It returns the places of what
// it dropped: a run is not thrown away for one bad number, and not silently changed either.
func tidy[T any](v T) (T, []string) {
	t := tidier{}
	out := reflect.New(reflect.TypeOf(v)).Elem()
	t.copy(out, reflect.ValueOf(v), "")
	return out.Interface().(T), t.dropped
}

type tidier struct{ dropped []string }

func (t *tidier) copy(to, from reflect.Value, place string) {
	switch from.Kind() {
	case reflect.Float64:
		if bad(from) {
			t.dropped = append(t.dropped, place)
			return
		}
		to.Set(from)
	case reflect.Pointer:
		if !from.IsNil() {
			to.Set(reflect.New(from.Type().Elem()))
			t.copy(to.Elem(), from.Elem(), place)
		}
	case reflect.Struct:
		t.copyStruct(to, from, place)
	case reflect.Slice:
		to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
		for i := range from.Len() {
			t.copy(to.Index(i), from.Index(i), fmt.Sprintf("%s[%d]", place, i))
		}
	case reflect.Map:
		t.copyMap(to, from, place)
	default:
		to.Set(from)
	}
}

func (t *tidier) copyStruct(to, from reflect.Value, place string) {
	if from.Type() == reflect.TypeFor[time.Time]() {
		to.Set(from)
		return
	}
	for i := range from.NumField() {
		t.copy(to.Field(i), from.Field(i), place+"."+from.Type().Field(i).Name)
	}
}

func (t *tidier) copyMap(to, from reflect.Value, place string) {
	to.Set(reflect.MakeMapWithSize(from.Type(), from.Len()))
	for _, key := range from.MapKeys() {
		entry := reflect.New(from.Type().Elem()).Elem()
		before := len(t.dropped)
		t.copy(entry, from.MapIndex(key), "")
		if len(t.dropped) == before {
			to.SetMapIndex(key, entry)
			continue
		}
		t.dropped = append(t.dropped[:before], fmt.Sprintf("%s[%s]", place, key))
	}
}

func bad(v reflect.Value) bool {
	return math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0)
}
