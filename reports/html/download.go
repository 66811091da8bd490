package html

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"io"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/bench/result"
)

// download is a file inside the page.
type download struct {
	Name, Size, What string
	Href             template.URL // "" where it has no room in the page
}

// What bounds the files: each as it is packed, and all of them by what they leave of the page, which is to stay below 2 MB.
const (
	maxDownload = 400 << 10
	maxPage     = 1_900_000 // without its head and its verdict
)

// room is how many packed bytes the page has left for a file, beside those that are to be in it already.
func (d *document) room(beside []download) int {
	left := maxPage - len(style) - len(script)
	for _, s := range d.Sections {
		left -= len(s.Body)
	}
	for _, f := range beside {
		left -= len(f.Href)
	}
	return min(max(left*3/4, 0), maxDownload) // base64
}

// addDownloads adds the links, if there are any.
func addDownloads(d *document, list []download) {
	if len(list) > 0 {
		d.add("data", "Data", "Inside this page, packed with gzip; nothing is fetched.", "downloads", list)
	}
}

func runDownload(run *result.Run, room int) []download {
	data, err := result.Encode(run)
	if err != nil {
		return nil
	}
	return []download{pack("result.json.gz", "everything that this page is made of but the slots", room, func(w io.Writer) error { _, err := w.Write(data); return err })}
}

// slotsDownload packs the raw slots; where they are too many for the page, without the histograms of latency.
func slotsDownload(slots []result.Slot, room int) []download {
	if len(slots) == 0 {
		return nil
	}
	whole := pack("slots.jsonl.gz", plural(len(slots), "slot")+", one a line", room, func(w io.Writer) error { return encodeSlots(w, slots, true) })
	if whole.Href == "" {
		whole = pack("slots.jsonl.gz", plural(len(slots), "slot")+", one a line, without the histograms of latency: those are in the run directory", room,
			func(w io.Writer) error { return encodeSlots(w, slots, false) })
	}
	return []download{whole}
}

func encodeSlots(w io.Writer, slots []result.Slot, histograms bool) error {
	to := json.NewEncoder(w)
	for _, s := range slots {
		if !histograms {
			s.Latency = ""
		}
		if err := to.Encode(s); err != nil {
			return err
		}
	}
	return nil
}

func profileDownload(p *analyze.Profile, room int) []download {
	return []download{pack("profile.json.gz", "the profile, for auditprof report and analyze --merge", room, p.WriteShared)}
}

// fullError ends the packing of what has no room.
type fullError struct{}

func (fullError) Error() string { return "too large for the page" }

// boundedBuffer takes no more bytes than it has room for.
type boundedBuffer struct {
	bytes.Buffer
	room int
}

func (b *boundedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > b.room {
		return 0, fullError{}
	}
	return b.Buffer.Write(p)
}

// pack makes a file of what write writes. What has no room or no JSON form is named without a link.
func pack(name, what string, room int, write func(io.Writer) error) download {
	b := boundedBuffer{room: room}
	z := gzip.NewWriter(&b)
	err := write(z)
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return download{Name: name, What: what + " (no room in this page)"}
	}
	return download{Name: name, What: what, Size: bytesOf(float64(b.Len())),
		Href: template.URL("data:application/gzip;base64," + base64.StdEncoding.EncodeToString(b.Bytes()))} // base64 alone follows our own beginning
}
