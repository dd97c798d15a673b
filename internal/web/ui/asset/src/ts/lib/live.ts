// Live regions. One connection a page listens to the topics the page names; a change refetches the fragments that
// show that topic and morphs them in. The server stays the only one who knows the numbers.
import { htmx } from "./htmx";
import { morph } from "./morph";
import { say } from "./say";

interface Change { topic: string; version: number }

const settle = 250;
const waiting = new Map<HTMLElement, number>();
let source: EventSource | undefined;
let lastId = "";
let tries = 0;
let late = false;
let listening = "";
let sleeping: number | undefined;

function topics(): string {
  const found = new Set<string>();
  for (const el of document.querySelectorAll<HTMLElement>("[data-live-topics]")) {
    for (const topic of (el.dataset.liveTopics ?? "").split(",")) if (topic.trim()) found.add(topic.trim());
  }
  return [...found].sort().join(",");
}

function shows(el: HTMLElement, topic: string): boolean {
  return (el.dataset.live ?? "").split(/[\s,]+/).includes(topic);
}

function onChange(event: MessageEvent<string>): void {
  if (event.lastEventId) lastId = event.lastEventId;
  let change: Change;
  try { change = JSON.parse(event.data); } catch { return; }
  for (const el of document.querySelectorAll<HTMLElement>("[data-live][data-src]")) {
    // Version 0: the server cannot know what was missed.
    const shown = change.version > 0 && Number(el.dataset.version) >= change.version;
    if (shows(el, change.topic) && !shown) plan(el);
  }
}

function plan(el: HTMLElement): void {
  if (waiting.has(el)) return;
  waiting.set(el, window.setTimeout(() => { waiting.delete(el); void refetch(el); }, settle));
}

async function refetch(el: HTMLElement): Promise<void> {
  if (!el.isConnected) return;
  const answer = await fetch(el.dataset.src!, { headers: { "HX-Request": "true", Accept: "text/html" } }).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) return;
  const html = await answer.text();
  const before = el.dataset.say ?? "";
  const change = () => {
    for (const part of morph(el, html)) {
      htmx.process(part);
      const sentence = (part as HTMLElement).dataset?.say ?? "";
      if (sentence !== before) say(sentence);
    }
  };
  const calm = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (calm && el.dataset.transition !== undefined && "startViewTransition" in document) {
    (document as any).startViewTransition(change);
  } else {
    change();
  }
}

function refetchAll(): void {
  for (const el of document.querySelectorAll<HTMLElement>("[data-live][data-src]")) plan(el);
}

// Changes of other nodes come late: a strip says so for as long as it lasts, in the words of the server.
async function onDelay(event: MessageEvent<string>): Promise<void> {
  let delayed = false;
  try { delayed = JSON.parse(event.data).delayed === true; } catch { return; }
  late = delayed;
  document.querySelector("[data-live-delay]")?.remove();
  if (!delayed) return;
  const answer = await fetch("/live/delay", { headers: { "HX-Request": "true", Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || !late || document.querySelector("[data-live-delay]")) return;
  const strip = document.createElement("div");
  strip.dataset.liveDelay = "";
  strip.innerHTML = await answer.text();
  const skip = document.querySelector(".skip");
  skip ? skip.after(strip) : document.body.prepend(strip);
}

function connect(): void {
  const wanted = topics();
  if (source && wanted === listening && source.readyState !== EventSource.CLOSED) return;
  source?.close();
  source = undefined;
  listening = wanted;
  if (!wanted) return;
  const url = new URL("/live", location.href);
  url.searchParams.set("topics", wanted);
  if (lastId) url.searchParams.set("last", lastId);
  const stream = source = new EventSource(url);
  stream.addEventListener("change", onChange);
  stream.addEventListener("delay", (event) => void onDelay(event));
  stream.addEventListener("open", () => {
    // A stream that is late says so after it has opened.
    late = false;
    document.querySelector("[data-live-delay]")?.remove();
    if (tries > 0) refetchAll();
    tries = 0;
  });
  stream.addEventListener("error", () => {
    tries++;
    if (stream.readyState !== EventSource.CLOSED || stream !== source) return;
    const pause = Math.min(30000, 1000 * 2 ** Math.min(tries, 5));
    setTimeout(connect, pause * (0.5 + Math.random() / 2));
  });
}

export function startLive(): void {
  connect();
  document.body.addEventListener("htmx:afterSettle", connect);
  addEventListener("online", () => { refetchAll(); connect(); });
  addEventListener("pagehide", () => { source?.close(); source = undefined; });
  addEventListener("pageshow", (event) => { if (event.persisted) { refetchAll(); connect(); } });
  document.addEventListener("visibilitychange", () => {
    clearTimeout(sleeping);
    if (document.hidden) {
      sleeping = window.setTimeout(() => { source?.close(); source = undefined; }, 60000);
    } else if (!source && topics()) {
      refetchAll();
      connect();
    }
  });
}
