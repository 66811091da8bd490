package html

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
)

//go:embed templates/*.tmpl
var templateFiles embed.FS

//go:embed style.css
var style string

//go:embed script.js
var script string

var templates = template.Must(template.New("").Funcs(template.FuncMap{"add1": func(i int) int { return i + 1 }}).ParseFS(templateFiles, "templates/*.tmpl"))

// document is a page before it is written.
type document struct {
	Kind     string // of the result: "bench", "analyze"
	Title    string // of the window
	About    string // one line: what was measured or read
	Where    string // one line: on what
	Headline string // the verdict, a sentence
	Alarms   []finding
	Findings []finding
	Steps    []step
	Sections []section
	Tool     string // what wrote the result
	err      error
}

// finding is something that a reader must know, with what it comes from.
type finding struct {
	Word  string
	Tone  string // "bad", "good", "unsure", or "" for neither
	Text  string
	Cause string
}

// step is something to do.
type step struct{ Text, Command string }

// section is a part of the page with a heading.
type section struct {
	ID, Title, Note string
	Body            template.HTML
}

// add renders a template as a section.
func (d *document) add(id, title, note, name string, data any) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		d.err = fmt.Errorf("write the section %s: %w", id, err)
		return
	}
	d.Sections = append(d.Sections, section{id, title, note, template.HTML(b.String())}) // html/template has escaped what is in it
}

// policy forbids every request; what a page may run and wear is named by hash. Downloads are data in the page itself.
func policy() string {
	return fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; base-uri 'none'; form-action 'none'", hash(style), hash(script))
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// write writes the page. Style and script are ours and hold no text of a result.
func (d *document) write(w io.Writer) error {
	if d.err != nil {
		return d.err
	}
	var body bytes.Buffer
	if err := templates.ExecuteTemplate(&body, "page", d); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	var b strings.Builder
	b.WriteString("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
	fmt.Fprintf(&b, "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">\n", policy())
	b.WriteString("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n")
	fmt.Fprintf(&b, "<meta name=\"color-scheme\" content=\"light dark\">\n<title>%s</title>\n", template.HTMLEscapeString(d.Title))
	b.WriteString("<link rel=\"icon\" href=\"data:,\">\n")
	b.WriteString("<style>" + style + "</style>\n</head>\n")
	b.Write(body.Bytes())
	b.WriteString("<script>" + script + "</script>\n</html>\n")
	_, err := io.WriteString(w, b.String())
	return err
}
