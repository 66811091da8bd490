package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// secondsIn are the units of a rate.
var secondsIn = map[string]float64{"s": 1, "min": 60, "m": 60, "h": 3600, "d": 86400, "day": 86400}

// parseRate reads 40/s, 1.5/min, 3000/h, 1e6/day as operations per second; "" is 0, no rate.
func parseRate(s string) (float64, error) {
	if s == "" {
		return 0, nil
	}
	number, unit, ok := strings.Cut(s, "/")
	sec, known := secondsIn[unit]
	n, err := strconv.ParseFloat(number, 64)
	if !ok || !known || err != nil || n <= 0 || math.IsInf(n, 0) || math.IsNaN(n) {
		return 0, fmt.Errorf("--at %q: a positive number of operations and a unit: 40/s, 90/min, 3000/h, 1e6/day", s)
	}
	return n / sec, nil
}
