/* The grid of rents: the keyboard of a spreadsheet on ordinary inputs, and a loud word when a saving failed. */
(() => {
  "use strict";
  const page = document, grid = page.querySelector("[data-grid]");
  if (!grid) return;
  const find = (mark) => grid.querySelector(mark);
  const amounts = () => [...grid.querySelectorAll("[data-amount]")].filter((input) => !input.disabled && !input.readOnly);
  const shelf = `grid:${grid.dataset.grid}:`;
  const alertBox = find("[data-unsaved]"), count = find("[data-unsaved-count]"), saved = find("[data-saved]"), pasted = find("[data-pasted]");
  find("[data-keys]").hidden = false;
  const isAmount = (node) => node instanceof Element && node.matches("[data-amount]");
  /* With the moment it was typed and what the server held then: a week later it is over; once the server holds something else, it is offered. */
  const WEEK = 7 * 86400000;
  const put = (name, kept) => { try { localStorage.setItem(shelf + name, JSON.stringify(kept)); } catch { /* no room: the field still holds it */ } };
  const read = (name) => { try { return JSON.parse(localStorage.getItem(shelf + name)); } catch { return {}; } };
  const keep = (input) => { put(input.name, { at: Date.now(), value: input.value, over: input.defaultValue }); failed.add(input.name); };
  const forget = (name) => { try { localStorage.removeItem(shelf + name); } catch { /* nothing kept */ } failed.delete(name); };
  const failed = new Set();

  /* What another tab saved since stands; what is kept here is offered, once the page has shown that both are there. */
  const offers = find("[data-offers]"), offered = new Map();
  const cents = (text) => Number(text.replace(/[\s\u202f€]/g, "").replace(",", "."));
  const same = (one, other) => one.trim() === other.trim() || (Boolean(one.trim() && other.trim()) && cents(one) === cents(other));

  function withdraw(name) {
    if (!offered.has(name)) return;
    offered.get(name).remove();
    offered.delete(name);
    offers.hidden = offered.size === 0;
  }

  function offer(input, kept, since) {
    const { id, name } = input, label = input.labels[0].textContent;
    const told = offers.querySelector("template").content.firstElementChild.cloneNode(true), part = (mark) => told.querySelector(mark);
    part("[data-offer-words]").textContent = `${label}\u00a0: «\u00a0${kept.value}\u00a0» saisi ici, ${since ? `«\u00a0${since}\u00a0» enregistré` : "effacé"} depuis.`;
    const answer = (mark, then) => {
      part(`${mark} .vh`).textContent = `, ${label}`;
      part(mark).addEventListener("click", () => {
        const cell = page.getElementById(id);
        withdraw(name);
        forget(name);
        if (!cell) return;
        cell.focus();
        then(cell);
      });
    };
    answer("[data-offer-take]", (cell) => { cell.value = kept.value; cell.dispatchEvent(new Event("change", { bubbles: true })); });
    answer("[data-offer-drop]", () => {});
    withdraw(name);
    offered.set(name, told);
    offers.hidden = false;
    offers.querySelector("template").before(told);
  }

  /* What this page showed as kept is replaced by what was saved over it; what another tab kept meanwhile is not. */
  function settle(input) {
    const { name, value } = input, kept = read(name);
    if (failed.has(name) || offered.has(name) || !kept || !kept.value || same(kept.value, value)) { withdraw(name); forget(name); return; }
    put(name, { ...kept, since: value });
    offer(input, kept, value);
  }

  addEventListener("storage", (event) => {
    const name = event.key && event.key.startsWith(shelf) ? event.key.slice(shelf.length) : "", input = amounts().find((one) => one.name === name);
    if (!input) return;
    const kept = event.newValue === null ? null : read(name);
    if (kept === null) withdraw(name);
    else if (kept.since === undefined) return;
    else { input.value = kept.since; offer(input, kept, kept.since); }
    failed.delete(name);
    tell();
  });

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

  const column = (input) => input.name.split("-")[0];
  const lineOf = (input) => input.closest("tbody");

  /* Both Julys of a line are judged together: one is saved at a time. What changes meanwhile waits for the answer of its line, which
     draws it anew: htmx drops it (hx-sync), and it is saved then. By field: the value that is under way, those that wait. */
  const sent = new Map(), waiting = new Set();
  const isBusy = (line) => [...line.querySelectorAll("[data-amount]")].some((input) => sent.has(input.id));
  const underWay = new Map(), unsaid = new Set(), fresh = new Set();
  let redrawn = null;
  grid.addEventListener("change", (event) => {
    const input = event.target;
    if (!isAmount(input)) return;
    delete input.dataset.typing;
    /* The browser tells a change of the field it takes away under the person's hands: they are still typing, nothing is to be saved. */
    if (redrawn && redrawn.contains(input)) event.stopImmediatePropagation();
    /* Drawn, but htmx does not listen to it yet. */
    else if (fresh.has(lineOf(input))) unsaid.add(input.id);
    else if (isBusy(lineOf(input))) waiting.add(input.id);
  }, true);

  /* Who types again in what waits has not said it yet. */
  grid.addEventListener("input", (event) => waiting.delete(event.target.id));

  function saveWaiting(line) {
    [...waiting].map((id) => page.getElementById(id)).filter((cell) => cell && lineOf(cell) === line).forEach((cell) => {
      waiting.delete(cell.id);
      cell.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  /* Up and down stay in their column; Enter goes through all that a line asks, then to the next line. */
  function move(input, by, sameColumn) {
    const row = amounts().filter((other) => !sameColumn || column(other) === column(input)), next = row[row.indexOf(input) + by];
    if (next) { next.focus(); next.select(); next.scrollIntoView({ block: "nearest" }); }
    return Boolean(next);
  }

  /* Past the last line: on to what comes next, never nowhere. */
  function leave(input) {
    const after = [...grid.querySelectorAll(".pages a[rel=next], .dock button, .dock a")];
    (after[after.length - 1] || input).focus();
  }

  grid.addEventListener("focusin", (event) => { if (isAmount(event.target)) event.target.dataset.before = event.target.value; });

  /* A browser tells no change of what a script put back: it is told when the person leaves the field. */
  grid.addEventListener("focusout", (event) => {
    if (!isAmount(event.target) || !event.target.dataset.typing) return;
    delete event.target.dataset.typing;
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });

  grid.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!isAmount(input) || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (!move(input, event.shiftKey ? -1 : 1, false)) leave(input);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(input, event.key === "ArrowDown" ? 1 : -1, true);
    } else if (event.key === "Escape") {
      input.value = input.dataset.before || "";
      input.select();
    }
  });

  /* One column copied from a spreadsheet fills its own downwards; two are the Julys of both years, the older one taken where a
     line asks for it. Each value is then saved as if typed, and what came of them is told once all are answered. */
  const looksLikeAmount = (text) => /\d/.test(text) && !/[a-zà-ÿ]{3}/i.test(text.replace(/euros?/gi, ""));
  const awaited = new Set();
  let pastedCount = 0, lost = 0;

  /* By what the line says of itself: htmx puts the new classes on a little later. */
  function toldPasted() {
    if (awaited.size) return;
    const wrong = amounts().filter((input) => input.dataset.ofPaste && lineOf(input).querySelector("[aria-invalid=true]")).length;
    const words = pastedCount > 1 ? "montants collés" : "montant collé";
    pasted.textContent = `${pastedCount} ${words}${wrong ? `, ${wrong} à corriger` : ""}.${lost > 0 ? ` ${lost} ${lost > 1 ? "lignes" : "ligne"} de trop, à coller sur la page suivante.` : ""}`;
  }

  function fill(cell, text, filled) {
    if (!cell || text === undefined) return;
    cell.value = text.trim();
    filled.push(cell);
  }

  grid.addEventListener("paste", (event) => {
    const input = event.target;
    if (!isAmount(input)) return;
    const table = event.clipboardData.getData("text").replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((row) => row.split("\t"));
    const wide = table.some((cells) => cells.length > 1);
    if (table.length < 2 && !wide) return;
    event.preventDefault();
    const twoJulys = wide && table.some((cells) => looksLikeAmount(cells[0]) && looksLikeAmount(cells[1] || ""));
    const tracks = amounts().filter((other) => (wide ? column(other) === "rent" : column(other) === column(input)));
    const from = Math.max(0, tracks.findIndex((other) => lineOf(other) === lineOf(input))), filled = [];
    tracks.slice(from, from + table.length).forEach((cell, n) => {
      const cells = table[n];
      if (twoJulys) fill(lineOf(cell).querySelector("[name^=previous-]"), cells[0], filled);
      fill(cell, twoJulys ? cells[1] : cells[wide ? cells.length - 1 : 0], filled);
    });
    pastedCount = filled.length;
    lost = from + table.length - tracks.length;
    pasted.textContent = "";
    filled.forEach((cell) => { cell.dataset.ofPaste = "1"; awaited.add(cell.id); });
    filled.forEach((cell) => cell.dispatchEvent(new Event("change", { bubbles: true })));
    if (filled.length) filled[filled.length - 1].focus();
  });

  /* The line is drawn anew by its answer: the mark of what was pasted goes over to it. */
  page.addEventListener("htmx:afterRequest", (event) => {
    const requester = event.detail.requestConfig && event.detail.requestConfig.elt, id = requester && requester.id;
    if (!awaited.delete(id)) return;
    requestAnimationFrame(() => {
      const cell = page.getElementById(id);
      if (cell) cell.dataset.ofPaste = "1";
      toldPasted();
    });
  });

  /* Two savings under way at once may each be counted without the other: once all are answered, the page is asked again. */
  let savings = 0, crossed = false, turn = 0;
  const COUNTED = ["july-progress", "july-ready"];

  async function countAgain() {
    const asked = turn, answer = await fetch(location.href).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) return;
    const now = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (asked !== turn) return;
    COUNTED.forEach((id) => {
      const told = page.getElementById(id), fresh = now.getElementById(id);
      if (told && fresh) told.replaceWith(page.adoptNode(fresh));
    });
  }

  page.addEventListener("htmx:beforeSend", (event) => {
    if (!isAmount(event.detail.elt)) return;
    turn += 1;
    if (savings) crossed = true;
    savings += 1;
    sent.set(event.detail.elt.id, event.detail.elt.value);
  });
  page.addEventListener("htmx:afterRequest", (event) => {
    const input = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (!isAmount(input)) return;
    sent.delete(input.id);
    /* No new line was drawn: what waited for it goes now, once htmx lets the line go. */
    if (input.isConnected) setTimeout(() => saveWaiting(lineOf(input)));
    savings -= 1;
    if (savings || !crossed) return;
    crossed = false;
    countAgain();
  });

  function keepTyping(target, input) {
    const values = new Map(), active = target.contains(page.activeElement) ? page.activeElement : null;
    target.querySelectorAll("[data-amount]").forEach((other) => {
      if (other.value !== (other.id === input.id ? sent.get(other.id) : other.defaultValue)) values.set(other.id, other.value);
    });
    underWay.set(input.id, { values, active: active ? active.id : "", start: active && "selectionStart" in active ? active.selectionStart : 0 });
  }

  const asked = (event) => (isAmount(event.detail.elt) ? event.detail.elt : null);
  const fail = (event) => { const input = asked(event); if (input) { keep(input); tell(); } };
  page.addEventListener("htmx:beforeRequest", (event) => { if (asked(event)) saved.textContent = "Enregistrement…"; });
  ["htmx:sendError", "htmx:timeout", "htmx:responseError", "htmx:swapError"].forEach((name) => page.addEventListener(name, fail));
  page.addEventListener("htmx:swapError", () => { redrawn = null; });

  /* Signed out meanwhile: the answer is the sign-in page, which must not land in the grid. */
  page.addEventListener("htmx:beforeSwap", (event) => {
    const input = isAmount(event.detail.requestConfig && event.detail.requestConfig.elt) ? event.detail.requestConfig.elt : null;
    if (!input || event.detail.xhr.status !== 200) return;
    const here = new URL(event.detail.xhr.responseURL || location.href, location.href).pathname;
    if (here !== new URL(event.detail.requestConfig.path, location.href).pathname) { event.detail.shouldSwap = false; keep(input); tell(); return; }
    settle(input);
    keepTyping(event.detail.target, input);
    redrawn = event.detail.target;
    const at = event.detail.xhr.getResponseHeader("Saved-At");
    saved.textContent = at ? `Enregistré à ${at.replace(/ /g, "\u00a0")}` : "Enregistré";
    tell();
  });

  /* The line is drawn anew when it is saved: what is being typed in its other field stays, and whoever was on it too. */
  page.addEventListener("htmx:afterSwap", (event) => {
    const requester = event.detail.requestConfig && event.detail.requestConfig.elt;
    redrawn = null;
    /* The counts of the page are drawn anew too, and told first. */
    if (!isAmount(requester) || !event.target.matches("tbody")) return;
    fresh.add(event.target);
    if (!underWay.has(requester.id)) return;
    const { values, active, start } = underWay.get(requester.id);
    underWay.delete(requester.id);
    values.forEach((value, id) => {
      const cell = page.getElementById(id);
      if (!cell) return;
      cell.value = value;
      if (id === active && !waiting.has(id)) cell.dataset.typing = "1";
      else unsaid.add(id);
    });
    event.target.querySelectorAll("[data-amount]").forEach((cell) => { if (!values.has(cell.id)) waiting.delete(cell.id); });
    const again = active && page.getElementById(active);
    if (!again) return;
    again.focus();
    if (values.has(active) && again.setSelectionRange) again.setSelectionRange(start, start);
  });

  /* What the answer of its neighbour drew over is saved again, once this very line listens. */
  page.addEventListener("htmx:afterSettle", (event) => {
    fresh.delete(event.target);
    [...unsaid].map((id) => page.getElementById(id)).forEach((cell) => {
      if (!cell || !event.target.contains(cell)) return;
      unsaid.delete(cell.id);
      waiting.delete(cell.id);
      cell.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });

  find("[data-retry]").addEventListener("click", retry);
  addEventListener("online", retry);
  addEventListener("offline", tell);
  addEventListener("beforeunload", (event) => { if (failed.size) event.preventDefault(); });
  grid.addEventListener("submit", () => failed.clear());

  amounts().forEach((input) => {
    const kept = read(input.name);
    if (kept === null) return;
    if (!(Date.now() - kept.at < WEEK) || same(kept.value, input.defaultValue)) return forget(input.name);
    if (kept.over !== input.defaultValue || kept.since !== undefined) return offer(input, kept, input.defaultValue);
    input.value = kept.value;
    failed.add(input.name);
  });
  tell();

  /* Back from a click on one line: on what is to be done next, there, below or above; where nothing is, on that line again. */
  function goOn() {
    const line = page.getElementById(location.hash.slice(1));
    const waits = (input) => input.matches(".warn, .err") || lineOf(input).querySelector(".msg button") || (column(input) === "rent" && !input.value.trim());
    const waiting = amounts().filter(waits);
    const below = line && waiting.find((input) => line.compareDocumentPosition(input) & Node.DOCUMENT_POSITION_FOLLOWING);
    const next = below || waiting[0] || (line && (line.querySelector("[data-amount]") || line.querySelector("a")));
    if (next) { next.focus({ preventScroll: true }); next.scrollIntoView({ block: "nearest" }); }
  }

  /* Once the browser has gone to the line of the address itself: it would take the focus away again. */
  if (location.hash.startsWith("#l-")) addEventListener("load", () => requestAnimationFrame(goOn));
})();
