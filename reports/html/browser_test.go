package html

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/reports/testrun"
)

// browserPath finds a Chromium. Without one the tests of the page in a browser are skipped, or fail where nothing may be.
func browserPath(t *testing.T) string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless_shell", "chromium-headless"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("AUDITPROF_REQUIRE_LIVE") == "1" {
		t.Fatal("no chromium is installed (Debian: apt-get install chromium), and AUDITPROF_REQUIRE_LIVE=1")
	}
	t.Skip("no chromium is installed (Debian: apt-get install chromium)")
	return ""
}

// watched is a tab with what went wrong in it.
type watched struct {
	context.Context
	mu       sync.Mutex
	said     []string // on the console
	requests []string
	pages    int // that were shown
}

// show leads the tab to another page.
func (w *watched) show(t *testing.T, file string) {
	t.Helper()
	w.pages++
	w.do(t, chromedp.Navigate("file://"+file))
}

// open shows a page of the given width.
func open(t *testing.T, file string, width int64) *watched {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browserPath(t)))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	tab, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	w := &watched{Context: tab}
	if err := chromedp.Listen(tab, w.hear); err != nil {
		t.Fatal(err)
	}
	go w.console(tab)
	limited, cancel := context.WithTimeout(tab, time.Minute)
	t.Cleanup(cancel)
	w.Context = limited
	enable := chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
		return err
	})
	w.do(t, enable, chromedp.EmulateViewport(width, 800))
	w.show(t, file)
	return w
}

func (w *watched) hear(event any) {
	if r, ok := event.(*network.EventRequestWillBeSent); ok {
		w.mu.Lock()
		w.requests = append(w.requests, r.Request.URL)
		w.mu.Unlock()
	}
}

func (w *watched) console(tab context.Context) {
	for m := range chromedp.Console(tab) {
		w.mu.Lock()
		w.said = append(w.said, string(m.Type)+": "+m.Text)
		w.mu.Unlock()
	}
}

// clean fails for anything on the console, and for any request but that of the page itself.
func (w *watched) clean(t *testing.T) {
	t.Helper()
	time.Sleep(100 * time.Millisecond) // messages of the console come from another goroutine
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.said) > 0 {
		t.Errorf("the console says %q", w.said)
	}
	pages := 0
	for _, r := range w.requests {
		switch {
		case strings.HasPrefix(r, "file://"):
			pages++
		case !strings.HasPrefix(r, "data:,"):
			t.Errorf("a request for %.80s", r)
		}
	}
	if pages != w.pages {
		t.Errorf("%d requests for files: %q", pages, w.requests)
	}
}

// ask evaluates a script in the page.
func ask[T any](t *testing.T, w *watched, script string) T {
	t.Helper()
	v, err := chromedp.Run(w, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return v
}

func (w *watched) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(w, steps...); err != nil {
		t.Fatal(err)
	}
}

func pageFile(t *testing.T, write func(*bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func smallFile(t *testing.T) string {
	return pageFile(t, func(b *bytes.Buffer) error { _, err := b.WriteString(smallPage(t)); return err })
}

const shownRows = `Array.from(document.querySelectorAll("#rules tbody tr")).filter(r => !r.hidden)`

func TestBrowserSortsAndFilters(t *testing.T) {
	w := open(t, smallFile(t), 1280)
	events := `Array.from(document.querySelectorAll("#rules tbody tr")).map(r => Number(r.cells[5].dataset.by))`
	w.do(t, chromedp.Click(`#rules th:nth-child(6) button`))
	if sorted := ask[bool](t, w, events+`.every((v, i, a) => i === 0 || a[i-1] >= v)`); !sorted {
		t.Errorf("not sorted by events: %v", ask[[]float64](t, w, events))
	}
	w.do(t, chromedp.Click(`#rules th:nth-child(6) button`))
	if sorted := ask[bool](t, w, events+`.every((v, i, a) => i === 0 || a[i-1] <= v)`); !sorted {
		t.Errorf("not sorted by events, the least first: %v", ask[[]float64](t, w, events))
	}
	if got := ask[string](t, w, `document.querySelector("#rules th:nth-child(6)").getAttribute("aria-sort")`); got != "ascending" {
		t.Errorf("aria-sort is %q", got)
	}
	all := ask[int](t, w, shownRows+".length")
	place := ask[string](t, w, `document.querySelector("#rules tbody tr th").dataset.by`)
	w.do(t, chromedp.SendKeys(`#rules input`, place))
	if some := ask[int](t, w, shownRows+".length"); some == 0 || some >= all {
		t.Errorf("%d of %d rows with the filter %q", some, all, place)
	}
	if other := ask[int](t, w, shownRows+fmt.Sprintf(`.filter(r => !r.textContent.includes(%q)).length`, place)); other != 0 {
		t.Errorf("%d rows without %q", other, place)
	}
	w.clean(t)
}

func TestBrowserIsUsableByKeyboard(t *testing.T) {
	w := open(t, smallFile(t), 1280)
	w.do(t, chromedp.KeyEvent(kb.Tab))
	if got := ask[string](t, w, `document.activeElement.className`); got != "skip" {
		t.Errorf("the first stop is %q", got)
	}
	if hidden := ask[[]string](t, w, `Array.from(document.querySelectorAll("a,button,input,select,summary")).filter(e => e.tabIndex < 0).map(e => e.outerHTML)`); len(hidden) > 0 {
		t.Errorf("out of reach: %q", hidden)
	}
	w.do(t, chromedp.Focus(`#rules th:nth-child(2) button`), chromedp.KeyEvent(kb.Enter))
	if got := ask[string](t, w, `document.querySelector("#rules th:nth-child(2)").getAttribute("aria-sort")`); got != "ascending" {
		t.Errorf("Enter on a column: aria-sort is %q", got)
	}
	if outline := ask[string](t, w, `getComputedStyle(document.activeElement).outlineStyle`); outline != "solid" {
		t.Errorf("the focus is not seen: outline %q", outline)
	}
	stops := ask[int](t, w, `document.querySelector(".icicle").querySelectorAll('.box[tabindex="0"]').length`)
	if stops != 1 {
		t.Errorf("an icicle has %d stops of the Tab key", stops)
	}
	w.do(t, chromedp.Focus(`.icicle .box[tabindex="0"]`), chromedp.KeyEvent(kb.ArrowRight))
	if at, told := ask[string](t, w, `document.activeElement.getAttribute("aria-label")`), ask[string](t, w, `document.querySelector(".icicle .told").textContent`); at != told || !strings.Contains(at, "›") {
		t.Errorf("an arrow leads to %q, and the page tells %q", at, told)
	}
	w.clean(t)
}

// A link of the table opens the file that holds the line, also one that is closed.
func TestBrowserOpensTheLineOfARule(t *testing.T) {
	w := open(t, smallFile(t), 1280)
	ask[bool](t, w, `(document.querySelectorAll("details").forEach(d => d.open = false), true)`)
	w.do(t, chromedp.Click(`#rules tbody a`), chromedp.Sleep(200*time.Millisecond))
	if seen := ask[bool](t, w, `(() => { const r = document.querySelector(":target").getBoundingClientRect(); return r.height > 0 && r.top >= 0 && r.bottom <= innerHeight; })()`); !seen {
		t.Error("the line is not in sight")
	}
	w.clean(t)
}

func TestBrowserFitsANarrowScreen(t *testing.T) {
	w := open(t, smallFile(t), 360)
	profile := testrun.Filled[analyze.Profile]("/usr/lib/a-rather-long-directory-name/with-one-more/program")
	for name, file := range map[string]string{
		"run": smallFile(t),
		"hostile": pageFile(t, func(b *bytes.Buffer) error {
			return WriteRun(b, testrun.HostileRun(strings.Repeat("name", 60)), RunOptions{})
		}),
		"profile": pageFile(t, func(b *bytes.Buffer) error { return WriteProfile(b, &profile, ProfileOptions{}) }),
	} {
		w.show(t, file)
		ask[bool](t, w, `(document.querySelectorAll("details").forEach(d => d.open = true), true)`)
		if wide := ask[int](t, w, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%s: %d pixels wide, by %q", name, wide, ask[[]string](t, w, `Array.from(document.querySelectorAll("body *")).filter(e => e.getBoundingClientRect().right > 361).slice(0, 5).map(e => e.outerHTML.slice(0, 90))`))
		}
		w.clean(t)
	}
}

func TestBrowserHasADarkSide(t *testing.T) {
	w := open(t, smallFile(t), 1280)
	dark := chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
		return err
	})
	paper := `getComputedStyle(document.body).backgroundColor`
	before := ask[string](t, w, paper)
	w.do(t, dark)
	if after := ask[string](t, w, paper); before != "rgb(255, 255, 255)" || after == before {
		t.Errorf("paper is %s, and %s in the dark", before, after)
	}
}

// Names that are markup run nothing.
func TestBrowserRunsNoName(t *testing.T) {
	var w *watched
	for _, name := range testrun.Hostile() {
		if !strings.Contains(name.Text, "<") {
			continue
		}
		file := pageFile(t, func(b *bytes.Buffer) error { return WriteRun(b, testrun.HostileRun(name.Text), RunOptions{}) })
		if w == nil {
			w = open(t, file, 1280)
		} else {
			w.show(t, file)
		}
	}
	if w == nil {
		t.Fatal("no name of the table is markup")
	}
	w.clean(t)
}

// A link of which a part was cut off opens the page and nothing else.
func TestMalformedLinks(t *testing.T) {
	w := open(t, smallFile(t), 1280)
	ask[string](t, w, `location.hash = "#%"`)
	ask[string](t, w, `location.hash = "#rule-3-0-%E0%A4"`)
	time.Sleep(200 * time.Millisecond) // the event comes later
	w.clean(t)
}
