/* Comfort only: every page works without this file. Each function looks for its own mark in the page and does one thing. */
(() => {
  "use strict";
  const page = document, root = page.documentElement;
  const all = (marks, where = page) => [...where.querySelectorAll(marks)];
  const one = (marks, where = page) => where.querySelector(marks);
  const say = (place, words) => { if (place && place.textContent !== words) place.textContent = words; };
  const memory = { read: (k) => { try { return localStorage.getItem(k); } catch { return null; } }, write: (k, v) => { try { localStorage.setItem(k, v); } catch { /* refused: nothing is lost */ } } };
  root.classList.add("js");

  function theme() {
    all("[data-theme-form]").forEach((form) => form.addEventListener("submit", (event) => {
      if (!event.submitter) return;
      event.preventDefault();
      const chosen = event.submitter.value;
      root.dataset.theme = chosen;
      page.cookie = `theme=${chosen};path=/;max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
      const other = one(`[value=${chosen === "dark" ? "light" : "dark"}]`, form);
      if (other) other.focus();
    }));
  }

  function menu() {
    const link = one("a.burger"), side = one("#menu");
    if (!link || !side) return;
    const button = page.createElement("button");
    button.type = "button";
    button.className = link.className;
    button.append(...link.childNodes);
    button.setAttribute("aria-controls", "menu");
    const show = (open) => { side.dataset.open = open; button.setAttribute("aria-expanded", open); };
    show(location.hash === "#menu");
    button.addEventListener("click", () => {
      const open = side.dataset.open !== "true";
      show(open);
      if (open) { const first = one("a", side); if (first) first.focus(); }
    });
    side.addEventListener("keydown", (event) => { if (event.key === "Escape" && button.offsetParent) { show(false); button.focus(); } });
    link.replaceWith(button);
  }

  function passwords() {
    all("[data-reveal]").forEach((button) => {
      const input = page.getElementById(button.getAttribute("aria-controls"));
      const set = (seen) => { input.type = seen ? "text" : "password"; button.setAttribute("aria-pressed", seen); say(one("span", button), seen ? "Masquer" : "Afficher"); };
      button.hidden = false;
      button.addEventListener("click", () => set(input.type === "password"));
      if (input.form) input.form.addEventListener("submit", () => set(false));
    });
    all("[data-caps]").forEach((note) => {
      const input = page.getElementById(note.dataset.caps);
      const look = (event) => { if (event.getModifierState) note.hidden = !event.getModifierState("CapsLock"); };
      input.addEventListener("keyup", look);
      input.addEventListener("mousedown", look);
      input.addEventListener("blur", () => { note.hidden = true; });
    });
  }

  function rules() {
    all("input[data-rules]").forEach((input) => {
      const list = page.getElementById(input.dataset.rules);
      if (!list) return;
      const voice = one(`[data-rules-said="${list.id}"]`), signs = list.dataset.signs, high = +list.dataset.high;
      const kept = {
        length: (p) => [...p].length >= +list.dataset.low && [...p].length <= high,
        upper: (p) => /\p{Lu}/u.test(p), lower: (p) => /\p{Ll}/u.test(p), digit: (p) => /[0-9]/.test(p),
        special: (p) => [...p].some((sign) => signs.includes(sign)),
      };
      let later;
      input.addEventListener("input", () => {
        const missing = [], lines = all("[data-rule]", list).filter((line) => kept[line.dataset.rule]);
        lines.forEach((line) => {
          const done = kept[line.dataset.rule](input.value);
          line.dataset.done = done;
          say(one("[data-state]", line), done ? " : fait" : " : à faire");
          if (!done) missing.push(one("span:not(.mark)", line).textContent);
        });
        const over = [...input.value].length - high;
        clearTimeout(later);
        later = setTimeout(() => say(voice, over > 0 ? `${high} caractères au maximum : il y en a ${over} de trop.`
          : `${lines.length - missing.length} règles sur ${lines.length} respectées.${missing.length ? ` Il manque : ${missing.join(", ")}.` : ""}`), 1000);
      });
    });
  }

  function identifiers() {
    all("[data-identifier]").forEach((input) => {
      const note = page.getElementById(input.dataset.identifier), words = one("span", note);
      input.addEventListener("input", () => {
        const typed = input.value.trim().toUpperCase().replace(/[\s.\-]/g, "");
        const parts = /^L[O0]G([0-9OIL]{6})([A-Z])$/.exec(typed);
        const repaired = parts && (/[OIL]/.test(parts[1]) || typed[1] === "0");
        note.hidden = !repaired;
        if (!repaired) return words.replaceChildren();
        const read = page.createElement("b");
        read.className = "mono";
        read.textContent = `LOG${parts[1].replace(/O/g, "0").replace(/[IL]/g, "1")}${parts[2]}`;
        words.replaceChildren("Nous lisons ", read, " : après LOG, ce sont des chiffres (zéro, pas la lettre O).");
      });
    });
  }

  function counters() {
    all("[data-count]").forEach((place) => {
      const scope = place.closest("form") || page, boxes = `input[type=checkbox][name="${place.dataset.count}"]`;
      const count = () => {
        const n = all(`${boxes}:checked`, scope).length;
        say(place, n === 0 ? place.dataset.none : (n === 1 ? place.dataset.one : place.dataset.many).replace("{n}", n));
      };
      scope.addEventListener("change", (event) => { if (event.target.matches(boxes)) count(); });
      if (place.dataset.none) count();
    });
  }

  function sending() {
    const free = (form) => { delete form.dataset.sent; all("[data-held]", form).forEach((button) => { button.disabled = false; button.removeAttribute("data-held"); }); };
    page.addEventListener("submit", (event) => {
      const form = event.target;
      if (event.defaultPrevented || form.method !== "post" || form.matches("[data-again],[data-theme-form]")) return;
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "1";
      setTimeout(() => all("button:not([type=button]):not([disabled])", form).forEach((button) => { button.disabled = true; button.dataset.held = ""; }));
      setTimeout(() => free(form), 15000);
    });
    addEventListener("pageshow", (event) => { if (event.persisted) all("form[data-sent]").forEach(free); });
  }

  function small() {
    const summary = one("[data-error-summary]");
    if (summary) summary.focus();
    if (navigator.clipboard) all("[data-copy]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", async () => {
        const source = page.getElementById(button.dataset.copy), words = one("span", button), before = words.textContent;
        await navigator.clipboard.writeText((source.value || source.textContent).trim());
        words.textContent = "Copié";
        setTimeout(() => { words.textContent = before; }, 3000);
      });
    });
    all("[data-print]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => print()); });
    const search = one("[data-slash]");
    if (search) page.addEventListener("keydown", (event) => {
      if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input,textarea,select,[contenteditable]")) { event.preventDefault(); search.focus(); }
    });
    all(".scroll").forEach((box) => { if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; });
  }

  /* What keep.js and grid.js left here: answers live a day, amounts a week, and nothing outlives the leaving of whoever typed it. */
  function shelves() {
    const forget = (gone) => { try { Object.keys(localStorage).filter(gone).forEach((key) => localStorage.removeItem(key)); } catch { /* nothing kept */ } };
    const days = { "kept:": 1, "grid:": 7 };
    const old = (key) => { try { return !(Date.now() - JSON.parse(localStorage.getItem(key)).at < days[key.slice(0, 5)] * 86400000); } catch { return true; } };
    forget((key) => key.slice(0, 5) in days && old(key));
    page.addEventListener("submit", (event) => { if (event.target.matches("[data-sign-out]")) forget((key) => /^(kept|grid):/.test(key)); });
  }

  /* Every tab shares one end of session: a click in one keeps the others. */
  function session() {
    const dialog = one("#session-end");
    if (!dialog || !dialog.showModal) return;
    const span = +dialog.dataset.endsIn * 1000, key = "session-end", left = one("[data-left]", dialog);
    const token = one("[name=csrfmiddlewaretoken]", dialog);
    let said = "";
    const renew = () => memory.write(key, Date.now() + span);
    const until = () => +memory.read(key) || start + span;
    const start = Date.now();
    renew();
    one("[data-stay]", dialog).addEventListener("click", async () => {
      const answer = await fetch(dialog.dataset.keepAlive, { method: "POST", headers: { "X-CSRFToken": token ? token.value : "" }, redirect: "error" }).catch(() => null);
      if (!answer || !answer.ok) return location.reload();
      renew();
      dialog.close();
    });
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    setInterval(() => {
      const seconds = Math.round((until() - Date.now()) / 1000);
      if (seconds > 120) { if (dialog.open) dialog.close(); return; }
      if (seconds < -2) return location.reload();
      const words = `${Math.max(0, Math.floor(seconds / 60))} min ${Math.max(0, seconds % 60)} s`;
      if (words !== said) { said = words; say(left, words); }
      if (dialog.open) return;
      const alone = one("[data-grid],[data-keep]"), unsaved = one("[data-unsaved]:not([hidden])");
      if (alone) say(one("[data-kept]", dialog), unsaved ? "Votre saisie n’est pas enregistrée : elle est gardée sur cet appareil." : "Votre saisie est enregistrée.");
      dialog.showModal();
    }, 1000);
  }

  [theme, menu, passwords, rules, identifiers, counters, sending, small, shelves, session].forEach((part) => part());
})();
