// Times that were right when the page was made and stay right while it is open. The server's clock rules.

let skew = 0;

function now(): number { return Date.now() + skew; }

function ago(el: HTMLTimeElement): void {
  const minutes = Math.floor((now() - Date.parse(el.dateTime)) / 60000);
  const day = 24 * 60;
  if (minutes >= day) return;
  if (minutes < 1) {
    el.textContent = document.body.dataset.justNow ?? el.textContent;
    return;
  }
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
  el.textContent = minutes < 60 ? words.format(-minutes, "minute") : words.format(-Math.floor(minutes / 60), "hour");
}

// left says what remains in the words the server gave; never seconds, a clock that hurries nobody.
function left(el: HTMLTimeElement): void {
  const minutes = Math.ceil((Date.parse(el.dateTime) - now()) / 60000);
  const { days, hours, whole, minutes: words, over } = el.dataset;
  let text = over ?? "";
  if (minutes >= 48 * 60) text = (days ?? "").replace("#d", String(Math.floor(minutes / 1440)));
  else if (minutes >= 60) {
    const form = minutes % 60 === 0 ? whole : hours;
    text = (form ?? "").replace("#h", String(Math.floor(minutes / 60))).replace("#m", String(minutes % 60));
  }
  else if (minutes > 0) text = (words ?? "").replace("#m", String(minutes));
  if (text && el.textContent !== text) el.textContent = text;
}

function refresh(): void {
  for (const el of document.querySelectorAll<HTMLTimeElement>("time[data-ago]")) ago(el);
  for (const el of document.querySelectorAll<HTMLTimeElement>("time[data-left]")) left(el);
}

export function startTimes(): void {
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const server = Date.parse(document.body.dataset.now ?? "");
  const gap = server - Date.now();
  if (entry?.type !== "back_forward" && Math.abs(gap) > 120000) skew = gap;
  setInterval(refresh, 20000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
}
