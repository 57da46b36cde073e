// With the Back button a browser brings back what was typed, but not what was chosen by typing:
// those options were never in the page. They are kept for the tab and put in again.
"use strict";
(() => {
  const entry = history.state?.choices ?? `choices ${Date.now()} ${Math.random()}`;
  const fields = () => document.querySelectorAll("select.admin-autocomplete:not([name*=__prefix__])");

  history.replaceState({ ...history.state, choices: entry }, "");
  addEventListener("pagehide", () => {
    const chosen = {};
    for (const field of fields()) {
      chosen[field.name] = [...field.selectedOptions].map((option) => [option.value, option.text]);
    }
    try {
      sessionStorage.setItem(entry, JSON.stringify(chosen));
    } catch {
      // No room, or not allowed: the form works as it would without this.
    }
  });
  addEventListener("DOMContentLoaded", () => {
    if (performance.getEntriesByType("navigation")[0]?.type !== "back_forward") {
      return;
    }
    const chosen = JSON.parse(sessionStorage.getItem(entry) ?? "{}");
    for (const field of fields()) {
      if (!(field.name in chosen)) {
        continue;
      }
      for (const option of field.options) {
        option.selected = false;
      }
      for (const [value, text] of chosen[field.name]) {
        const known = [...field.options].find((option) => option.value === value);
        (known ?? field.appendChild(new Option(text, value))).selected = true;
      }
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
})();
