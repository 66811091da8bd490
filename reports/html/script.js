"use strict";
(() => {
  const each = (list, f) => Array.prototype.forEach.call(list, f);

  // Tables that sort and filter. Without this script they are sorted as written, all rows shown.
  each(document.querySelectorAll(".sorted"), (box) => {
    const body = box.querySelector("tbody");
    const rows = Array.from(body.rows);
    const heads = Array.from(box.querySelectorAll("thead th"));
    const words = box.querySelector("input");
    const choices = Array.from(box.querySelectorAll("select"));
    const count = box.querySelector(".count");

    const by = (row, i) => row.cells[i].dataset.by;
    const sort = (i) => {
      const numeric = heads[i].classList.contains("num");
      const was = heads[i].getAttribute("aria-sort");
      const down = was ? was === "ascending" : numeric;
      heads.forEach((h) => h.removeAttribute("aria-sort"));
      heads[i].setAttribute("aria-sort", down ? "descending" : "ascending");
      const compare = (a, b) => numeric ? by(a, i) - by(b, i) : by(a, i).localeCompare(by(b, i), "en", { numeric: true });
      rows.sort((a, b) => (down ? -1 : 1) * compare(a, b));
      body.append(...rows);
    };
    const filter = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row) => {
        const text = row.textContent.toLowerCase();
        const fits = wanted.every((w) => text.includes(w)) &&
          choices.every((c) => c.value === "" || by(row, Number(c.dataset.column)) === c.value);
        row.hidden = !fits;
        if (fits) shown++;
      });
      count.textContent = shown + " of " + rows.length;
    };
    heads.forEach((h, i) => h.querySelector("button").addEventListener("click", () => sort(i)));
    words.addEventListener("input", filter);
    choices.forEach((c) => c.addEventListener("change", filter));
    filter();
  });

  // The icicle says what its boxes are, and is one stop of the Tab key: arrows move inside.
  each(document.querySelectorAll(".icicle"), (box) => {
    const told = box.querySelector(".told");
    const rest = told.textContent;
    const boxes = Array.from(box.querySelectorAll(".box"));
    const tell = (b) => { told.textContent = b.getAttribute("aria-label"); };
    const place = (b) => { const r = b.getBoundingClientRect(); return { x: r.left, y: r.top, b: r.bottom }; };
    const go = (from, key) => {
      const at = place(from);
      const near = boxes.map((b) => ({ b, p: place(b) })).filter((o) => {
        if (o.b === from) return false;
        const same = Math.abs(o.p.x - at.x) < 2;
        if (key === "ArrowDown") return same && o.p.y > at.y;
        if (key === "ArrowUp") return same && o.p.y < at.y;
        const right = o.p.x > at.x + 2, left = o.p.x < at.x - 2;
        return (key === "ArrowRight" ? right : left) && o.p.y < at.b && o.p.b > at.y;
      });
      near.sort((a, b) => Math.abs(a.p.x - at.x) - Math.abs(b.p.x - at.x) || Math.abs(a.p.y - at.y) - Math.abs(b.p.y - at.y));
      return near.length ? near[0].b : null;
    };
    boxes.forEach((b) => {
      b.addEventListener("mouseenter", () => tell(b));
      b.addEventListener("mouseleave", () => { told.textContent = rest; });
      b.addEventListener("focus", () => tell(b));
      b.addEventListener("keydown", (e) => {
        if (!e.key.startsWith("Arrow")) return;
        const to = go(b, e.key);
        e.preventDefault();
        if (!to) return;
        b.setAttribute("tabindex", "-1");
        to.setAttribute("tabindex", "0");
        to.focus();
      });
    });
  });

  // A link to a line opens the file that holds it.
  const open = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { return; } // a link that somebody cut: %4 is no sign
    const to = id && document.getElementById(id);
    if (!to) return;
    for (let e = to.parentElement; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    to.scrollIntoView({ block: to.tagName === "TR" ? "center" : "start" });
  };
  addEventListener("hashchange", open);
  open();
  addEventListener("beforeprint", () => each(document.querySelectorAll("details"), (d) => { d.open = true; }));
})();
