package match

// Facts is what a log has shown so far of names.
type Facts struct{}
