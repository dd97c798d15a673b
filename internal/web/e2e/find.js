// How a person finds things: by what is written. Loaded into the page by the driver for one call each.
((verb, ...args) => {
  const squeeze = (s) => (s || "").replace(/\s+/g, " ").trim();
  const visible = (el) => {
    const style = getComputedStyle(el);
    const box = el.getBoundingClientRect();
    // A single pixel is what stands there for keyboards and screen readers alone.
    return style.visibility !== "hidden" && style.display !== "none" && box.width > 1 && box.height > 1;
  };
  const named = (el) => squeeze(
    el.getAttribute("aria-label") ||
      (el.getAttribute("aria-labelledby") || "").split(/\s+/).map((id) => document.getElementById(id)?.innerText).join(" ") ||
      el.innerText || el.value || el.title || el.querySelector("img")?.alt);

  // The best of several: what reads exactly so, before what only contains it.
  const best = (all, text, read) => {
    const wanted = squeeze(text);
    return all.find((el) => read(el) === wanted) || all.find((el) => read(el).includes(wanted));
  };

  const field = (label) => {
    const labels = [...document.querySelectorAll("label")].filter((l) => l.control);
    const found = best(labels, label, (l) => squeeze(l.innerText));
    if (found) return found.control;
    const controls = [...document.querySelectorAll("input:not([type=hidden]), textarea, select, [contenteditable=true]")];
    return best(controls, label, (el) => squeeze(el.getAttribute("aria-label") || el.placeholder)) ||
      best([...document.querySelectorAll("[aria-labelledby]")], label, named);
  };

  const change = (el) => {
    el.dispatchEvent(new Event("input", { bubbles: true }));
    el.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const verbs = {
    field: (label) => field(label),
    has: (label) => !!field(label),

    // Answers whether the driver is to type; dates are set at once, as a picker would set them.
    fill: (label, value) => {
      const el = field(label);
      if (!el || el.disabled || el.readOnly) return null;
      el.scrollIntoView({ block: "center" });
      el.focus();
      if (["date", "time", "datetime-local", "month", "week", "color", "range"].includes(el.type)) {
        el.value = value;
        change(el);
        return { typed: false };
      }
      if (el.select) el.select();
      if (value === "") {
        el.value = "";
        change(el);
        return { typed: false };
      }
      return { typed: true };
    },

    choose: (label, option) => {
      const el = field(label);
      if (!el || !el.options) return false;
      const found = best([...el.options], option, (o) => squeeze(o.text));
      if (!found) return false;
      el.value = found.value;
      change(el);
      return true;
    },

    place: (text) => {
      const what = "a[href], button, summary, label, input[type=submit], input[type=button], input[type=checkbox], " +
        "input[type=radio], [role=button], [role=link], [role=tab], [role=menuitem], [role=switch], [role=option]";
      const all = [...document.querySelectorAll(what)].filter((el) => visible(el) && !el.disabled);
      const el = best(all, text, named);
      if (!el) return null;
      el.scrollIntoView({ block: "center", inline: "center" });
      const box = el.getClientRects()[0]; // of words that wrap, the first line: between two lines is nothing to click
      const x = box.left + box.width / 2;
      const y = box.top + box.height / 2;
      const hit = document.elementFromPoint(x, y);
      // Something lies over it: a person could not click it either.
      if (!hit || !(el === hit || el.contains(hit) || hit.contains(el) || hit.closest("label") === el)) return null;
      // A page that is still moving would be missed: it has to be found in one place at two looks, as eyes do.
      const before = window.dureFound;
      window.dureFound = { text, x, y };
      if (!before || before.text !== text || before.x !== x || before.y !== y) return null;
      delete window.dureFound;
      return { X: x, Y: y };
    },

    shows: (text) => squeeze(document.body?.innerText).includes(squeeze(text)) ||
      [...document.querySelectorAll("input:not([type=hidden]), textarea")]
        .some((el) => visible(el) && squeeze(el.value).includes(squeeze(text))),
  };
  return verbs[verb](...args);
})
