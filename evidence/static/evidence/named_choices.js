// A field chosen by typing is drawn anew beside its select, and the label stays with the select:
// read aloud, it would have its value for a name, and none while it is empty.
"use strict";
(() => {
  const $ = django.jQuery;
  const labelOf = (select) => {
    const label = document.querySelector(`label[for="${select.id}"]`);
    // In a table the head of the column is the label.
    const column = select.closest("td")?.cellIndex;
    return label ?? select.closest("table")?.tHead?.rows[0].cells[column];
  };
  const words = (select) => labelOf(select)?.textContent.replace(/[:\s]+$/, "").trim() ?? "";

  const name = (root) => {
    for (const select of root.querySelectorAll("select.admin-autocomplete")) {
      const drawn = select.nextElementSibling?.querySelector(".select2-selection");
      const label = labelOf(select);
      if (!drawn || !label) {
        continue;
      }
      label.id ||= `${select.id}_label`;
      const value = drawn.querySelector(".select2-selection__rendered");
      drawn.setAttribute("aria-labelledby", `${label.id} ${value.id}`.trim());
      if (value.getAttribute("role") === "textbox") {
        value.setAttribute("aria-labelledby", label.id);
      }
      drawn.querySelector(".select2-search__field")?.setAttribute("aria-label", words(select));
    }
  };

  $(() => name(document));
  document.addEventListener("formset:added", (event) => setTimeout(() => name(event.target)));
  $(document).on("select2:open", (event) => {
    const fields = document.querySelectorAll(".select2-container--open .select2-search__field");
    fields.forEach((field) => field.setAttribute("aria-label", words(event.target)));
  });
})();
