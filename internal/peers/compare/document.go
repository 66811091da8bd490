package main

import (
	"fmt"
	"os"
	"strings"
)

// Marks of the part of a document that is written anew.
const (
	beginMark = "<!-- measured by make bench-peers -->"
	endMark   = "<!-- end of what was measured -->"
)

// writeInto puts text between the marks of a document.
func writeInto(path, text string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	doc, err := replaceMarked(string(old), text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(doc), 0o644)
}

func replaceMarked(doc, text string) (string, error) {
	head, rest, ok := strings.Cut(doc, beginMark)
	_, tail, ok2 := strings.Cut(rest, endMark)
	if !ok || !ok2 {
		return "", fmt.Errorf("no place for the table: put the lines %s and %s where it shall stand", beginMark, endMark)
	}
	return head + beginMark + "\n\n" + strings.TrimSpace(text) + "\n\n" + endMark + tail, nil
}
