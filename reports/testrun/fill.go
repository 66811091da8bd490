package testrun

import (
	"reflect"
	"time"
)

// depth bounds how deep values are filled.
const depth = 12

// Filled is a value of which every text is this one, also the keys of maps; lists have two elements, and numbers are small and not zero.
func Filled[T any](text string) T {
	var v T
	fill(reflect.ValueOf(&v).Elem(), text, depth)
	return v
}

func fill(v reflect.Value, text string, left int) {
	if left == 0 {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(1)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text, left-1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), text, left-1)
		fill(v.Index(1), text, left-1)
	case reflect.Map:
		fillMap(v, text, left)
	case reflect.Struct:
		fillStruct(v, text, left)
	}
}

func fillMap(v reflect.Value, text string, left int) {
	key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
	fill(key, text, left-1)
	fill(value, text, left-1)
	v.Set(reflect.MakeMap(v.Type()))
	v.SetMapIndex(key, value)
}

func fillStruct(v reflect.Value, text string, left int) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)))
		return
	}
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() {
			fill(v.Field(i), text, left-1)
		}
	}
}
