// The only script of ours. Pages read well without it; with it, figures stay up to date.
(() => {
  "use strict";

  // A refused form: its summary is read first.
  document.querySelector("[data-focus]")?.focus();

  // Tick or untick all rows of a table; show what can be done with the chosen ones.
  document.addEventListener("change", ({ target }) => {
    const form = target.closest("[data-choice]");
    if (!form) return;
    const boxes = [...form.querySelectorAll("tbody input[type=checkbox]")];
    if (target.matches("[data-all]")) boxes.forEach((box) => { box.checked = target.checked; });
    const chosen = boxes.filter((box) => box.checked).length;
    form.querySelectorAll("[data-chosen]").forEach((place) => { place.textContent = chosen; });
  });

  // Copying works over HTTPS and on this machine; elsewhere the text is selected instead.
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    const select = () => getSelection().selectAllChildren(source);
    if (!navigator.clipboard) return select();
    navigator.clipboard.writeText(source.textContent.trim())
      .then(() => { button.textContent = button.dataset.done; }, select);
  });

  const mark = document.querySelector("[data-live]");
  if (!mark || !window.EventSource) return;

  let source = null;
  let at = mark.dataset.at;
  let silence = 0;

  const say = (isLive) => {
    const text = isLive ? mark.dataset.on : mark.dataset.lost.replace("{at}", at);
    if (mark.textContent !== text) mark.textContent = text;
    mark.classList.toggle("stale", !isLive);
  };

  // Nothing for this long means that the line is dead, whatever the browser thinks.
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => { close(); say(false); open(); }, 12000);
  };

  // Puts new markup in the place of the old, and leaves the reader where he is.
  const put = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    const old = fresh && document.getElementById(fresh.id);
    if (!old || old.querySelector("input:focus, textarea:focus, select:focus")) return;
    const focused = old.contains(document.activeElement) && document.activeElement;
    const places = [...old.querySelectorAll("a, button, [tabindex]")];
    const place = places.indexOf(focused);
    const unfolded = [...old.querySelectorAll("details")].map((one) => one.open);
    const scrolled = [...old.querySelectorAll(".scroll")].map((one) => one.scrollLeft);
    old.replaceWith(fresh);
    fresh.querySelectorAll("details").forEach((one, n) => { one.open = unfolded[n] ?? one.open; });
    fresh.querySelectorAll(".scroll").forEach((one, n) => { one.scrollLeft = scrolled[n] ?? 0; });
    if (place >= 0) fresh.querySelectorAll("a, button, [tabindex]")[place]?.focus({ preventScroll: true });
    window.htmx?.process(fresh);
  };

  const open = () => {
    source = new EventSource(mark.dataset.live);
    source.addEventListener("at", ({ data }) => { at = data; say(true); heard(); });
    source.addEventListener("part", ({ data }) => { put(data); heard(); });
    source.onerror = () => {
      say(false);
      // Refused, not merely broken off: the session is over, or the page is gone.
      if (source.readyState === EventSource.CLOSED) { close(); setTimeout(open, 15000); }
    };
    heard();
  };

  const close = () => { clearTimeout(silence); source?.close(); source = null; };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) close(); else if (!source) open();
  });
  addEventListener("pagehide", close);
  if (!document.hidden) open();
})();
