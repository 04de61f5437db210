"use strict";
(() => {
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const search = document.getElementById("search");
  const chips = $$("#tools button");
  const scenarios = $$(".scenario").map((row) => ({
    row,
    text: row.querySelector(".name").textContent.toLowerCase(),
    states: row.dataset.states.split(" "),
  }));

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const pressed = chips.filter((chip) => chip.getAttribute("aria-pressed") === "true");
    const wanted = pressed.map((chip) => chip.dataset.state);
    let number = 0;
    for (const { row, text, states } of scenarios) {
      const fits = wanted.length === 0 || wanted.some((state) => states.includes(state));
      row.hidden = !fits || !words.every((word) => text.includes(word));
      number += row.hidden ? 0 : 1;
    }
    const all = number === scenarios.length;
    document.getElementById("shown").textContent = all ? "" : `${number} of ${scenarios.length} shown`;
  };

  // A link to a scenario opens it.
  const follow = () => {
    let id = location.hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch {
      // Not written by us; taken as it is.
    }
    const row = document.getElementById(id);
    if (row && row.matches(".scenario")) {
      row.open = true;
      row.scrollIntoView();
    }
  };

  search.addEventListener("input", filter);
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
      filter();
    });
  }
  addEventListener("hashchange", follow);
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && document.activeElement === search) {
      search.value = "";
      search.blur();
      filter();
    }
  });
  document.getElementById("tools").hidden = false;
  follow();
})();
