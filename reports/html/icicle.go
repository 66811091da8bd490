package html

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// leaf is a volume with the three names above it, as rule, program and record type.
type leaf struct {
	names [3]string
	bytes uint64
}

// icicle is a drawing of volumes as areas: three columns, the left one of rules, each box as high as its bytes.
type icicle struct {
	Levels [3]string
	Height string
	Boxes  []box
	Total  string
}

// box is one area. X and Wide are percentages, Y and High pixels.
type box struct {
	X, Wide, Y, High string
	TextY            string
	Text             string // "" where there is no room
	Share            string
	Label            string // all of it, for those who point at it or listen
	Class            string
	First            bool // the one that the Tab key reaches
}

const (
	icicleHigh = 380.0
	leastBox   = 3.0  // pixels; lighter ones are one box together
	textBox    = 15.0 // pixels that a line of text needs
)

// newIcicle draws leaves, the heaviest first, or none where there is no volume.
func newIcicle(leaves []leaf, levels [3]string) *icicle {
	total := uint64(0)
	for _, l := range leaves {
		total += l.bytes
	}
	if total == 0 {
		return nil
	}
	ic := &icicle{Levels: levels, Height: at(icicleHigh), Total: bytesOf(float64(total))}
	ic.split(leaves, 0, 0, float64(total), "", "")
	ic.Boxes[0].First = true
	return ic
}

// split draws the boxes of one level, from top on, and what lies right of each.
func (ic *icicle) split(leaves []leaf, level int, top, total float64, above, class string) {
	others, count := 0.0, 0
	for i, g := range grouped(leaves, level) {
		high := float64(g.bytes) / total * icicleHigh
		if high < leastBox {
			others, count = others+high, count+1
			continue
		}
		name := sentence(" › ", above, g.name)
		if level == 0 {
			class = "hue" + fmt.Sprint(min(i, 5))
		}
		ic.box(level, top, high, g.name, fmt.Sprintf("%s: %s, %s", name, bytesOf(float64(g.bytes)), percentOf(float64(g.bytes)/total)), class, float64(g.bytes)/total)
		if level < 2 {
			ic.split(g.leaves, level+1, top, total, name, class)
		}
		top += high
	}
	if count > 0 && others >= 0.5 {
		if level == 0 {
			class = "hue5"
		}
		name := plural(count, "more")
		ic.box(level, top, others, fmt.Sprintf("%s more", countOf(count)), fmt.Sprintf("%s: %s together", sentence(" › ", above, name), percentOf(others/icicleHigh)), class, others/icicleHigh)
	}
}

func (ic *icicle) box(level int, top, high float64, text, label, class string, share float64) {
	b := box{X: percentAt(float64(level) / 3), Wide: percentAt(1.0 / 3), Y: at(top), High: at(max(high-1, 0.5)), TextY: at(min(high/2+4, 17)),
		Label: label, Class: fmt.Sprintf("%s level%d", class, level)}
	if high >= textBox {
		b.Text, b.Share = short(text), percentOf(share)
	}
	ic.Boxes = append(ic.Boxes, b)
}

// short is the end of a long path: what tells it from others on a narrow screen. The label has all of it.
func short(name string) string {
	if at := strings.LastIndexByte(name, '/'); len(name) > 22 && name[0] == '/' && at > 0 {
		return "…" + name[at:]
	}
	return name
}

// group is the leaves of one name.
type group struct {
	name   string
	bytes  uint64
	leaves []leaf
}

func grouped(leaves []leaf, level int) []group {
	index := map[string]int{}
	var list []group
	for _, l := range leaves {
		if l.bytes == 0 {
			continue
		}
		i, ok := index[l.names[level]]
		if !ok {
			i = len(list)
			index[l.names[level]] = i
			list = append(list, group{name: l.names[level]})
		}
		list[i].bytes += l.bytes
		list[i].leaves = append(list[i].leaves, l)
	}
	slices.SortStableFunc(list, func(a, b group) int { return cmp.Or(cmp.Compare(b.bytes, a.bytes), cmp.Compare(a.name, b.name)) })
	return list
}
