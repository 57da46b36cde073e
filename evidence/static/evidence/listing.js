// Beside htmx, where filters, columns and pages are changed in place: what the reader had open stays
// open, the focus stays where it was, and what fails is followed as the plain link that it is.
"use strict";
(() => {
  const FOCUSABLE = "a, b[tabindex], button, input, summary";
  let before = null;

  // What a link says without its count and its arrow, which change with what was asked.
  const label = (element) => {
    const copy = element.cloneNode(true);
    for (const count of copy.querySelectorAll("b")) count.remove();
    return copy.textContent.replace(/[▲▼]/g, "").trim();
  };
  const place = (element) => element.closest(".facet") || element.closest("[id]");
  const within = (id) => [...(document.getElementById(id)?.querySelectorAll(FOCUSABLE) || [])];
  const disclosures = () => document.querySelectorAll("main details[id]");

  const remember = ({ requestConfig: { elt, triggeringEvent } }) => {
    const nowhere = document.activeElement === document.body;
    const active = nowhere ? elt : document.activeElement;
    const id = place(active)?.id;
    before = {
      active,
      id,
      own: active.id,
      label: label(active),
      number: within(id).indexOf(active),
      top: active.getBoundingClientRect().top,
      open: new Map([...disclosures()].map((each) => [each.id, each.open])),
      // By hand, not by keyboard: who turns a page so wants to read it from its top.
      turned: Boolean(elt.closest(".pages")) && triggeringEvent?.detail > 0,
    };
  };

  const successor = ({ id, own, label: said, number }) => {
    if (own && document.getElementById(own)) return document.getElementById(own);
    const there = within(id);
    // The next chip takes the place of one that was removed.
    if (id === "chips") return there[Math.min(number, there.length - 1)];
    return there.find((each) => label(each) === said);
  };

  const restore = () => {
    if (!before) return;
    const was = before;
    before = null;
    for (const each of disclosures()) {
      if (was.open.has(each.id)) each.open = was.open.get(each.id);
    }
    if (was.active.isConnected) return;
    const now = successor(was);
    // A value that was let go may have gone back among those that are folded.
    const folded = now?.closest(".facet details");
    if (folded) folded.open = true;
    (now || document.getElementById("matched")).focus({ preventScroll: true });
    if (was.turned) document.getElementById("rows").scrollIntoView();
    else if (now) window.scrollBy(0, now.getBoundingClientRect().top - was.top);
  };

  const follow = ({ detail: { pathInfo } }) => {
    location.assign(pathInfo.finalRequestPath || pathInfo.requestPath);
  };

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { shouldSwap, serverResponse } = event.detail;
    if (shouldSwap && serverResponse.includes('id="results"')) {
      remember(event.detail);
    } else {
      event.preventDefault();
      follow(event);
    }
  });
  document.addEventListener("htmx:afterSettle", restore);
  for (const fault of ["sendError", "timeout", "swapError"]) {
    document.addEventListener(`htmx:${fault}`, follow);
  }
  // Back and forward: the page as it is now, from its address, in place as well.
  document.addEventListener("htmx:historyCacheMiss", (event) => {
    event.preventDefault();
    htmx.ajax("get", location.pathname + location.search, { source: "#results" });
  });
  // A link that is opened in a window of its own is the browser's.
  document.addEventListener("click", (event) => {
    if ((event.shiftKey || event.altKey) && event.target.closest("[data-hx-boost] a")) {
      event.stopImmediatePropagation();
    }
  }, true);
})();
