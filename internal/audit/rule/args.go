package rule

// Args are the words of the rule alone, as arguments of auditctl: escapes undone, and nothing that the line says besides the rule. A control
// option in the same line, -e 2 say, is never among them.
func (r *Rule) Args() []string {
	words, err := split(Pos{}, r.String())
	if err != nil { // String writes nothing that split refuses
		return nil
	}
	args := make([]string, len(words))
	for i, w := range words {
		args[i] = w.Text
	}
	return args
}
