// Buttons that copy an address or a citation, and that print: shown only where this runs.
"use strict";
(() => {
  const show = (within) => {
    for (const each of within.querySelectorAll("[data-with-script]")) each.hidden = false;
  };
  const say = (button, words) => {
    const said = button.parentElement.querySelector("[role=status]");
    if (!said) return;
    said.textContent = "";
    // Said again even where the words are the same as before.
    setTimeout(() => { said.textContent = words; }, 50);
  };
  const text = (button) => {
    const shown = button.dataset.copyOf && document.getElementById(button.dataset.copyOf);
    if (shown) return shown.textContent.trim().replace(/\s+/g, " ");
    return button.dataset.copy || location.href;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copies], button[data-prints]");
    if (!button) return;
    if (button.hasAttribute("data-prints")) {
      window.print();
      return;
    }
    try {
      await navigator.clipboard.writeText(text(button));
      say(button, "Copied");
    } catch {
      say(button, "The browser did not allow copying. Select the text and copy it.");
    }
  });
  document.addEventListener("htmx:load", (event) => show(event.detail.elt.parentElement || document));
  show(document);
})();
