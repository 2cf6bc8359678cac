"use strict";
(() => {
  const korean = document.getElementById("korean");
  const english = document.getElementById("english");
  const name = () => {
    document.documentElement.lang = english.checked ? "en" : "ko";
  };
  (/^ko\b/i.test(navigator.language) ? korean : english).checked = true;
  name();
  korean.addEventListener("change", name);
  english.addEventListener("change", name);

  const table = document.querySelector(".findings");
  const body = table.tBodies[0];
  const collator = new Intl.Collator("ko", { numeric: true });
  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/[,₩]/g, "");
  const rows = Array.from(body.rows, (row, place) => ({
    row,
    place,
    class: row.dataset.class,
    text: plain(Array.from(row.cells, (cell) => cell.textContent).join(" ")),
  }));

  // What is not known comes last, whichever way is up.
  const key = (cell) => {
    if (cell.dataset.sort !== undefined) return Number(cell.dataset.sort);
    const is_number = /line|here|there|difference/.test(cell.className);
    return is_number || cell.querySelector(".none") ? null : cell.textContent;
  };
  const compare = (a, b) => (typeof a === "number" ? a - b : collator.compare(a, b));
  const sort = (column, way) => {
    const keys = new Map(rows.map(({ row }) => [row, key(row.cells[column])]));
    rows.sort((a, b) => {
      const [left, right] = [keys.get(a.row), keys.get(b.row)];
      if (left === null || right === null) {
        return (left === null) - (right === null) || a.place - b.place;
      }
      return way * compare(left, right) || a.place - b.place;
    });
    const sorted = document.createDocumentFragment();
    for (const { row } of rows) sorted.append(row);
    body.append(sorted);
  };
  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      const falls = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", falls ? "descending" : "ascending");
      sort(column, falls ? -1 : 1);
    });
  });

  const search = document.getElementById("search");
  const chips = Array.from(document.querySelectorAll(".chips button"));
  const matching = document.getElementById("matching");
  const filter = () => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    const pressed = chips.filter((chip) => chip.getAttribute("aria-pressed") === "true");
    const classes = new Set(pressed.map((chip) => chip.dataset.class));
    let found = 0;
    for (const { row, class: of, text } of rows) {
      const is_found =
        (classes.size === 0 || classes.has(of)) && words.every((word) => text.includes(word));
      row.hidden = !is_found;
      found += is_found;
    }
    for (const number of matching.querySelectorAll("b")) {
      number.textContent = found.toLocaleString("en");
    }
    matching.hidden = words.length === 0 && classes.size === 0;
    document.getElementById("nothing").hidden = found > 0 || rows.length === 0;
  };
  search.addEventListener("input", filter);
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      const was = chip.getAttribute("aria-pressed") === "true";
      chip.setAttribute("aria-pressed", String(!was));
      filter();
    });
  }
  // A browser that restores a page keeps what was typed.
  filter();

  document.documentElement.classList.add("scripted");
})();
