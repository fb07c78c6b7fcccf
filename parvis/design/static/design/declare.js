/* Declarations: how many are picked; questions shown only when another answer makes them one. Without it all are shown. */
"use strict";
(() => {
  const said = document.querySelector("[data-picked]");
  if (said) {
    const boxes = [...document.querySelectorAll("input[name=kinds]")];
    const say = () => {
      const count = boxes.filter((box) => box.checked).length;
      const words = count > 1 ? `${count}\u00a0déclarations sélectionnées` : count ? "1\u00a0déclaration sélectionnée" : "Aucune déclaration sélectionnée";
      const strong = document.createElement("b");
      strong.textContent = words;
      said.replaceChildren(strong);
    };
    boxes.forEach((box) => box.addEventListener("change", say));
    say();
  }
  const form = document.querySelector("[data-declaration]");
  if (!form) return;
  const show = () => {
    for (const part of form.querySelectorAll("[data-only-if]")) {
      const [name, values] = part.dataset.onlyIf.split("=");
      const answer = new FormData(form).get(name) || "";
      part.hidden = !values.split(",").includes(answer) && !part.querySelector(".error");
    }
  };
  form.addEventListener("change", show);
  show();
})();
