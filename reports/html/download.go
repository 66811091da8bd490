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

// maxDownload bounds each file as it is packed: the page as a whole is to stay below 2 MB.
const maxDownload = 400 << 10

// addDownloads adds the links, if there are any.
func addDownloads(d *document, list []download) {
	if len(list) > 0 {
		d.add("data", "Data", "Inside this page, packed with gzip; nothing is fetched.", "downloads", list)
	}
}

func runDownload(run *result.Run) []download {
	data, err := result.Encode(run)
	if err != nil {
		return nil
	}
	return []download{pack("result.json.gz", "everything that this page is made of but the slots", func(w io.Writer) error { _, err := w.Write(data); return err })}
}

// slotsDownload packs the raw slots; where they are too many for the page, without the histograms of latency.
func slotsDownload(slots []result.Slot) []download {
	if len(slots) == 0 {
		return nil
	}
	whole := pack("slots.jsonl.gz", plural(len(slots), "slot")+", one a line", func(w io.Writer) error { return encodeSlots(w, slots, true) })
	if whole.Href == "" {
		whole = pack("slots.jsonl.gz", plural(len(slots), "slot")+", one a line, without the histograms of latency: those are in the run directory",
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

func profileDownload(p *analyze.Profile) []download {
	return []download{pack("profile.json.gz", "the profile, for auditprof report and analyze --merge", p.WriteShared)}
}

// errFull ends the packing of what has no room.
type fullError struct{}

func (fullError) Error() string { return "too large for the page" }

// bounded takes no more than maxDownload bytes.
type boundedBuffer struct{ bytes.Buffer }

func (b *boundedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxDownload {
		return 0, fullError{}
	}
	return b.Buffer.Write(p)
}

// pack makes a file of what write writes. What has no room or no JSON form is named without a link.
func pack(name, what string, write func(io.Writer) error) download {
	var b boundedBuffer
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
