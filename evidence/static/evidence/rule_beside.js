// What the rule says of the chosen topic, beside an assessment's form as it is filled in. Without
// this it is there for what is stored, and at the press of a button for what was typed.
"use strict";
(() => {
  const $ = django.jQuery;
  const PAUSE = 400; // milliseconds without a key pressed
  const panel = document.getElementById("rule-says");
  const names = ["topic", "status", "ground", "reason", "review_by"];
  const fields = names.map((name) => document.getElementById(`id_${name}`));
  if (!panel || fields.includes(null)) {
    return;
  }
  const [topic, status, ground, reason, reviewBy] = fields;
  const chosen = () =>
    new URLSearchParams({
      topic: topic.value,
      status: status.value,
      ground: ground.value,
      explained: reason.value.trim() && "1",
      review_by: reviewBy.value.trim(),
    }).toString();
  let asked = chosen();
  let waiting = new AbortController();
  let pause = 0;

  const fail = () => {
    const words = document.createElement("p");
    words.textContent = "This could not be read just now. What you typed is still here.";
    panel.replaceChildren(panel.querySelector("h2"), words);
    asked = "";
  };
  const show = async () => {
    clearTimeout(pause);
    const query = chosen();
    if (query === asked) {
      return;
    }
    asked = query;
    waiting.abort();
    waiting = new AbortController();
    const { signal } = waiting;
    try {
      const answer = await fetch(`${panel.dataset.address}?${query}`, { signal });
      const told = await answer.text();
      if (!answer.ok || answer.redirected) {
        fail();
      } else if (!signal.aborted) {
        panel.innerHTML = told;
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        fail();
      }
    }
  };
  const soon = () => {
    clearTimeout(pause);
    pause = setTimeout(show, PAUSE);
  };

  // What is chosen by typing is told to jQuery alone.
  $(document).on("change", names.map((name) => `#id_${name}`).join(), show);
  for (const field of [reason, reviewBy]) {
    field.addEventListener("input", soon);
  }
  // The calendar beside a date writes into its field without a word, then puts the cursor there.
  reviewBy.addEventListener("focus", soon);
  // A form that the browser brought back may hold what was chosen after the page was made.
  addEventListener("pageshow", show);
})();
