package redact

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// sortedKeys are the keys of a map by their text.
func sortedKeys(m reflect.Value) []reflect.Value {
	return slices.SortedFunc(slices.Values(m.MapKeys()), func(a, b reflect.Value) int {
		return strings.Compare(fmt.Sprint(a.Interface()), fmt.Sprint(b.Interface()))
	})
}
