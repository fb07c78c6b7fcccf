/* The grid of rents: the keyboard of a spreadsheet on ordinary inputs, and a loud word when a saving failed. */
(() => {
  "use strict";
  const page = document, grid = page.querySelector("[data-grid]");
  if (!grid) return;
  const find = (mark) => grid.querySelector(mark);
  const amounts = () => [...grid.querySelectorAll("[data-amount]")].filter((input) => !input.disabled && !input.readOnly);
  const shelf = `grid:${grid.dataset.grid}:`;
  const alertBox = find("[data-unsaved]"), count = find("[data-unsaved-count]"), saved = find("[data-saved]"), pasted = find("[data-pasted]");
  const isAmount = (node) => node instanceof Element && node.matches("[data-amount]");
  const keep = (input) => { try { localStorage.setItem(shelf + input.name, input.value); } catch { /* no room: the field still holds it */ } failed.add(input.name); };
  const forget = (name) => { try { localStorage.removeItem(shelf + name); } catch { /* nothing kept */ } failed.delete(name); };
  const failed = new Set();

  function tell() {
    const n = failed.size;
    alertBox.hidden = n === 0;
    if (n === 0) return;
    saved.textContent = "";
    count.textContent = (navigator.onLine ? "" : "la connexion internet est coupée. ") + (n === 1 ? "1 montant est gardé sur cet appareil." : `${n} montants sont gardés sur cet appareil.`);
  }

  function retry() {
    amounts().filter((input) => failed.has(input.name)).forEach((input) => input.dispatchEvent(new Event("change", { bubbles: true })));
  }

  function move(input, by) {
    const row = amounts(), next = row[row.indexOf(input) + by];
    if (next) { next.focus(); next.select(); next.scrollIntoView({ block: "nearest" }); }
    return Boolean(next);
  }

  /* Past the last line: on to what comes next, never nowhere. */
  function leave(input) {
    const after = [...grid.querySelectorAll(".pages a[rel=next], .dock button, .dock a")];
    (after[after.length - 1] || input).focus();
  }

  grid.addEventListener("focusin", (event) => { if (isAmount(event.target)) event.target.dataset.before = event.target.value; });

  grid.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!isAmount(input) || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (!move(input, event.shiftKey ? -1 : 1)) leave(input);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(input, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      input.value = input.dataset.before || "";
      input.select();
    }
  });

  /* A column copied from a spreadsheet fills downwards; each value is then saved as if typed. */
  grid.addEventListener("paste", (event) => {
    const input = event.target;
    if (!isAmount(input)) return;
    const lines = event.clipboardData.getData("text").replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t")[0].trim());
    if (lines.length < 2) return;
    event.preventDefault();
    const row = amounts(), from = row.indexOf(input), filled = row.slice(from, from + lines.length);
    filled.forEach((cell, n) => { cell.value = lines[n]; });
    filled.forEach((cell) => cell.dispatchEvent(new Event("change", { bubbles: true })));
    const lost = lines.length - filled.length;
    pasted.textContent = `${filled.length} montants collés.${lost > 0 ? ` ${lost} lignes de trop n’ont pas été prises.` : ""}`;
    filled[filled.length - 1].focus();
  });

  const asked = (event) => (isAmount(event.detail.elt) ? event.detail.elt : null);
  const fail = (event) => { const input = asked(event); if (input) { keep(input); tell(); } };
  page.addEventListener("htmx:beforeRequest", (event) => { if (asked(event)) saved.textContent = "Enregistrement…"; });
  ["htmx:sendError", "htmx:timeout", "htmx:responseError", "htmx:swapError"].forEach((name) => page.addEventListener(name, fail));

  /* Signed out meanwhile: the answer is the sign-in page, which must not land in the grid. */
  page.addEventListener("htmx:beforeSwap", (event) => {
    const input = isAmount(event.detail.requestConfig && event.detail.requestConfig.elt) ? event.detail.requestConfig.elt : null;
    if (!input || event.detail.xhr.status !== 200) return;
    const here = new URL(event.detail.xhr.responseURL || location.href, location.href).pathname;
    if (here !== new URL(event.detail.requestConfig.path, location.href).pathname) { event.detail.shouldSwap = false; keep(input); tell(); return; }
    forget(input.name);
    const now = new Date();
    saved.textContent = `Enregistré à ${now.getHours()} h ${String(now.getMinutes()).padStart(2, "0")}`;
    tell();
  });

  /* The line is drawn anew when it is saved: whoever was on it stays there. */
  page.addEventListener("htmx:afterSwap", (event) => {
    const id = event.detail.requestConfig && event.detail.requestConfig.elt && event.detail.requestConfig.elt.id;
    if (id && page.activeElement === page.body) { const again = page.getElementById(id); if (again) again.focus(); }
  });

  find("[data-retry]").addEventListener("click", retry);
  addEventListener("online", retry);
  addEventListener("offline", tell);
  addEventListener("beforeunload", (event) => { if (failed.size) event.preventDefault(); });
  grid.addEventListener("submit", () => failed.clear());

  amounts().forEach((input) => {
    let kept = null;
    try { kept = localStorage.getItem(shelf + input.name); } catch { /* none */ }
    if (kept === null) return;
    if (kept === input.value) return forget(input.name);
    input.value = kept;
    failed.add(input.name);
  });
  tell();

  /* Back from a click on one line: on that line again. */
  const line = location.hash.startsWith("#l-") && page.getElementById(location.hash.slice(1));
  const first = line && line.querySelector("[data-amount], a");
  if (first) first.focus({ preventScroll: true });
})();
