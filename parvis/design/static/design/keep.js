/* A form that keeps itself: what is typed is sent a little later, and what could not be sent stays on this device, loudly. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const saved = document.querySelector("[data-saved]"), alertBox = document.querySelector("[data-unsaved]"), why = document.querySelector("[data-unsaved-count]");
  /* The address names the account, which is one person's: nobody else is given this back. */
  const shelf = `kept:${location.pathname}`, DAY = 86400000;
  let seen = form.dataset.keep;
  /* What must lie nowhere in clear, an account number, is neither sent by itself nor left on the device. */
  const never = new Set([...form.querySelectorAll("[data-never-kept]")].map((field) => field.name));
  const skipped = (name) => never.has(name) || name === "key" || name === "version" || name === "en-cours" || name === "csrfmiddlewaretoken" || name === "a-confirmer" || name === "montant" || name === "avant" || name === "reason" || /^(sur|motif|vu)-/.test(name);
  const answers = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !skipped(name));
  const words = () => JSON.stringify(answers());
  let known = words(), later = 0, underWay = null, failed = false, leaving = false;

  const shelve = () => { try { localStorage.setItem(shelf, JSON.stringify({ at: Date.now(), seen, answers: answers() })); } catch { /* no room: the fields still hold it */ } };
  const forget = () => { try { localStorage.removeItem(shelf); } catch { /* nothing kept */ } };
  const kept = () => { try { return JSON.parse(localStorage.getItem(shelf)); } catch { return null; } };

  function tell(sentence) {
    failed = Boolean(sentence);
    alertBox.hidden = !failed;
    if (!failed) return;
    saved.textContent = "";
    if (why.textContent !== sentence) why.textContent = sentence;
  }

  async function ask() {
    const body = new URLSearchParams(answers());
    body.append("garder", "1");
    body.append("version", seen);
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(location.pathname, { method: "POST", body, redirect: "manual", keepalive: true });
      if (answer.type === "opaqueredirect" || answer.status === 403) return { lost: "vous n’êtes plus connecté. Vos réponses sont gardées sur cet appareil : rechargez la page pour vous reconnecter et les retrouver." };
      const told = await answer.json();
      return answer.ok ? told : { lost: told.sentence };
    } catch {
      return { lost: `${navigator.onLine ? "" : "la connexion internet est coupée. "}Vos réponses sont gardées sur cet appareil.` };
    }
  }

  async function keep() {
    clearTimeout(later);
    if (underWay) await underWay;
    const now = words();
    if (now === known && !failed) return;
    shelve();
    underWay = ask();
    const told = await underWay;
    underWay = null;
    if (told.lost) return tell(told.lost);
    known = now;
    seen = told.version;
    if (form.elements.version) form.elements.version.value = seen;
    forget();
    tell("");
    saved.textContent = told.saved;
  }

  const soon = (wait) => () => { clearTimeout(later); later = setTimeout(keep, wait); };
  form.addEventListener("input", soon(1500));
  form.addEventListener("change", soon(300));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && !leaving && words() !== known) keep(); });
  document.querySelector("[data-retry]").addEventListener("click", keep);
  addEventListener("online", () => { if (failed) keep(); });
  addEventListener("beforeunload", (event) => { if (failed) event.preventDefault(); });

  /* The page itself says so when a saving of its own is under way: whichever arrives first, the two do not contradict. */
  form.addEventListener("submit", () => {
    clearTimeout(later);
    if (failed) shelve();
    failed = false;
    leaving = true;
    form.elements["en-cours"].value = underWay ? "1" : "";
  });
  document.addEventListener("submit", (event) => { if (event.target.matches("[data-sign-out]")) { clearTimeout(later); leaving = true; } });
  addEventListener("pageshow", () => { leaving = false; });

  /* What a cut connection or an ended session left here comes back in its fields, and is saved; unless something was since. */
  const left = kept();
  if (left && left.seen === seen && Date.now() - left.at < DAY) {
    const values = new Map(left.answers), ticked = (field) => left.answers.some(([name, value]) => name === field.name && value === field.value);
    for (const field of form.elements) {
      if (!field.name || skipped(field.name) || field.type === "file" || field.type === "hidden" || field.type === "submit") continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = ticked(field);
      else if (values.has(field.name)) field.value = values.get(field.name);
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  } else {
    forget();
    /* Somebody may have typed before this script was there: what the page came with is not what it says. */
    const shown = (field) => field.name && !skipped(field.name) && !["hidden", "file", "submit", "button"].includes(field.type);
    const changed = (field) => (field.type === "radio" || field.type === "checkbox") ? field.checked !== field.defaultChecked
      : field.options ? [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0 : field.value !== field.defaultValue;
    if ([...form.elements].some((field) => shown(field) && changed(field))) {
      known = "";
      form.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
})();
