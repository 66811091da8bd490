package testrun

// Name is a text that somebody may have chosen for a program, a file, a key or a rule set, to be more than text in some format.
type Name struct {
	What string
	Text string
}

// Hostile are names against which every format is tested: one table, so that what one format met is met by all.
func Hostile() []Name {
	return []Name{
		{"markup", `</script></title><img src=x onerror=alert(1)><b>&amp;"'`},
		{"comment and section of markup", "--><!-- ]]> <![CDATA["},
		{"attribute", `" onmouseover="alert(1)`},
		{"terminal sequences", "\x1b]0;owned\a\x1b[2J\x9b31m\u009b2J"},
		{"formula", `=HYPERLINK("http://x.example","y")`},
		{"formula behind a sign", `@SUM(1+1)*cmd|'/c calc'!A0`},
		{"minus", "-2+3"},
		{"writing direction", "a\u202ecod.sh\u2066\u200bb\u061c"},
		{"newlines", "a\nb\r\nc\u2028d\u2029e\x0b"},
		{"tab", "a\tb"},
		{"no UTF-8", "\xff\xfe\xc0\x80"},
		{"zero byte", "a\x00b"},
		{"pipes and backticks", "a|b`c``d```\n| e | f |"},
		{"links and mentions", "@everyone [x](javascript:alert(1)) ![y](http://x.example/z.png) http://x.example www.x.example #1 GH-1"},
		{"headings", "# a\n## b\n***c*** ~~d~~ __e__ \\"},
		{"workflow commands", "::error file=a,line=1::b\n::set-output name=c::d%0A%25"},
		{"template", "{{.}}${x}$(id)%s%d%!n"},
		{"separators", "a,b;c:d=e?f&g#h"},
		{"combining", "e\u0301\u0301\u0301\u0301"},
		{"beyond the basic plane", "\U000e0041\U0001f600"},
	}
}
