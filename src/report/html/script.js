"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const searched = JSON.parse($("#data").textContent);
  const search = $("#search");
  const chips = $$("#tools button");
  const place = (hash) => {
    try {
      return decodeURIComponent(hash.slice(1));
    } catch {
      return hash.slice(1);
    }
  };
  const rows = $$("#list li").map((row) => {
    const link = $("a", row);
    const words = searched[place(link.hash)] || "";
    return { row, link, text: `${link.textContent.toLowerCase()} ${words}` };
  });
  const shown = () => rows.filter(({ row }) => !row.hidden);

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = chips.filter((chip) => chip.ariaPressed === "true");
    const statuses = new Set(wanted.map((chip) => chip.dataset.status));
    for (const { row, text } of rows) {
      const status = statuses.size === 0 || statuses.has(row.dataset.status);
      row.hidden = !status || !words.every((word) => text.includes(word));
    }
    for (const section of $$("#list section")) {
      section.hidden = $$("li", section).every((row) => row.hidden);
    }
    const number = shown().length;
    $("#shown").textContent = number === rows.length ? "" : `${number} of ${rows.length} shown`;
  };

  // Whether the next scenario was asked for in the search.
  let typing = false;

  // The scenario that the address names, also where it names one of its attempts.
  const current = () => {
    const target = document.getElementById(place(location.hash));
    const article = target && target.closest("article");
    return article && rows.find(({ link }) => place(link.hash) === article.id);
  };
  const follow = (moved) => {
    for (const { link } of rows) link.removeAttribute("aria-current");
    const here = current();
    if (!here) return;
    here.link.setAttribute("aria-current", "true");
    here.link.scrollIntoView({ block: "nearest" });
    if (moved && place(location.hash) === place(here.link.hash)) {
      const article = document.getElementById(place(location.hash));
      article.scrollIntoView();
      scrollTo(0, 0);
      // A browser takes the focus from whatever had it: whoever types a search goes on typing it.
      (typing ? search : $("h1", article)).focus({ preventScroll: true });
      typing = false;
    }
  };
  const step = (by, typed = false) => {
    const list = shown();
    if (list.length === 0) return;
    const at = list.indexOf(current());
    const next = at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by;
    if (!list[next]) return;
    typing = typed;
    location.hash = list[next].link.hash;
  };

  search.addEventListener("input", filter);
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      chip.ariaPressed = String(chip.ariaPressed !== "true");
      filter();
    });
  }
  addEventListener("hashchange", () => follow(true));
  addEventListener("beforeprint", () => {
    for (const details of $$("details")) details.open = true;
  });
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const searching = document.activeElement === search;
    if (event.key === "Escape") {
      if (searching) {
        search.value = "";
        search.blur();
        filter();
      } else {
        location.hash = "";
      }
    } else if (searching) {
      if (event.key === "Enter") step(1, true);
    } else if (event.key === "/") {
      event.preventDefault();
      search.focus();
    } else if (event.key === "j") {
      step(1);
    } else if (event.key === "k") {
      step(-1);
    }
  });

  $("#tools").hidden = false;
  $("#keys").hidden = false;
  follow(false);
})();
