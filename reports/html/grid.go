package html

// grid is a plain table: small, and shown as it is.
type grid struct {
	Title string
	Note  string
	Head  []head
	Rows  [][]cell
	More  string // what is not shown
}

// head is a column. Numbers are at the right.
type head struct {
	Name   string
	Number bool
}

// cell is a text; Bar is a share of 0 to 1 drawn beside it where it is above 0, Code sets it as code, Tone colours it.
type cell struct {
	Text string
	Bar  string
	Code bool
	Tone string
}

func words(names ...string) []head {
	var list []head
	for _, n := range names {
		list = append(list, head{n, false})
	}
	return list
}

func numbers(names ...string) []head {
	var list []head
	for _, n := range names {
		list = append(list, head{n, true})
	}
	return list
}

func say(texts ...string) []cell {
	var list []cell
	for _, t := range texts {
		list = append(list, cell{Text: t})
	}
	return list
}

// bar is a number with a bar as long as its share.
func bar(text string, part, whole float64) cell {
	c := cell{Text: text}
	if whole > 0 && part > 0 {
		c.Bar = percentAt(part / whole)
	}
	return c
}
