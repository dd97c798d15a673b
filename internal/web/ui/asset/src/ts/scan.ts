// The counter: a camera, a hardware scanner or a typed number give a text; the server says what it is; one button uses
// it. A lost answer is asked for again under the same nonce and is amber until there is one, never red.
import { makeCamera } from "./lib/camera";
import { makeDecoder } from "./lib/decode";
import { feel, wake } from "./lib/feel";
import { morph } from "./lib/morph";
import { left, note, strike, type Use } from "./lib/pending";
import { toast } from "./lib/say";
import { hearScanner } from "./lib/wedge";

export { makeDecoder };

// Only what can be ours is sent: an online face, an offline face. Menus and adverts pass by unheard.
const face = /^V1[0-9A-HJKMNP-TV-Z]{26}$/;
const offlineFace = /^V5[0-9A-Z $%*+\-./:]{156}$/;
export function ours(text: string): boolean { return face.test(text) || offlineFace.test(text); }

const retries = [500, 1000, 2000];
const patience = 4000;
const again = 3000; // the same code held on is not a new guest

const counter = document.querySelector<HTMLElement>("[data-counter]");
if (counter) start(counter);

function start(page: HTMLElement): void {
  const sheet = page.querySelector<HTMLElement>("[data-sheet]")!;
  const staff = page.dataset.staff ?? "";
  let busy = false;
  let lastText = "";
  let lastAt = 0;
  let waiting: Use | undefined;

  function find<T extends HTMLElement>(name: string): T | null { return page.querySelector<T>(`[data-${name}]`); }

  function show(html: string): void {
    sheet.innerHTML = html;
    const part = sheet.firstElementChild as HTMLElement | null;
    page.dataset.state = part?.dataset.kind ?? "";
    for (const form of sheet.querySelectorAll<HTMLFormElement>("[data-use]")) {
      const nonce = form.elements.namedItem("nonce") as HTMLInputElement | null;
      if (nonce) nonce.value = crypto.randomUUID();
    }
    feel(part?.dataset.kind ?? "");
    part?.querySelector<HTMLElement>("[data-use] .btn.act, [data-next].act, [data-again]")?.focus({ preventScroll: true });
  }

  function showTemplate(name: string): void {
    const template = page.querySelector<HTMLTemplateElement>(`template[data-${name}]`);
    sheet.replaceChildren(template!.content.cloneNode(true));
    page.dataset.state = "checking";
  }

  function clear(): void {
    waiting = undefined;
    lastAt = performance.now(); // the code that is still held on is not the next guest's
    show("");
  }

  // send gives the answer's text, or nothing when the server could not be heard.
  async function send(address: string, fields: Record<string, string>): Promise<string | undefined> {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "HX-Request": "true", Accept: "text/html" },
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout(patience),
    }).catch(() => undefined);
    if (!answer || answer.status >= 500) return undefined;
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) {
      location.assign(elsewhere);
      return "";
    }
    return answer.text().catch(() => undefined);
  }

  async function look(text: string): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      let html = await send("/counter/look", { code: text });
      for (const wait of retries) {
        if (html !== undefined) break;
        showTemplate("checking");
        await rest(wait);
        html = await send("/counter/look", { code: text });
      }
      if (html === undefined) {
        showTemplate("unanswered");
        sheet.querySelector("[data-again]")?.addEventListener("click", () => void look(text), { once: true });
      } else {
        show(html);
      }
    } finally {
      busy = false;
    }
  }

  async function use(one: Use): Promise<void> {
    if (busy) return;
    busy = true;
    waiting = one;
    note(one);
    const fields = { code: one.code, units: one.units, nonce: one.nonce };
    try {
      let html = await send("/counter/use", fields);
      for (const wait of retries) {
        if (html !== undefined) break;
        showTemplate("checking");
        await rest(wait);
        html = await send("/counter/use", fields);
      }
      if (html === undefined) {
        showTemplate("unanswered");
        return;
      }
      strike(one.nonce);
      waiting = undefined;
      show(html);
      void refresh();
    } finally {
      busy = false;
    }
  }

  // settle asks once more about every use whose answer was lost, without disturbing who stands at the counter now.
  async function settle(): Promise<void> {
    for (const one of left(staff)) {
      if (one.nonce === waiting?.nonce) continue;
      const html = await send("/counter/use", { code: one.code, units: one.units, nonce: one.nonce });
      if (html === undefined) return;
      strike(one.nonce);
      const part = document.createElement("template");
      part.innerHTML = html;
      toast(part.content.querySelector(".said")?.textContent?.trim() ?? "");
      void refresh();
    }
  }

  async function refresh(): Promise<void> {
    const today = document.getElementById("today");
    const answer = await fetch("/counter/today", { headers: { "HX-Request": "true" } }).catch(() => undefined);
    if (today && answer?.ok && !answer.redirected) morph(today, await answer.text());
  }

  function take(text: string): void {
    const now = performance.now();
    if (busy || (text === lastText && now - lastAt < again)) {
      if (text === lastText) lastAt = now;
      return;
    }
    if (page.dataset.state === "usable" || page.dataset.state === "checking") return;
    lastText = text;
    lastAt = now;
    void look(text);
  }

  const camera = makeCamera({
    video: find<HTMLVideoElement>("video")!,
    seen: (text) => { if (ours(text)) take(text); },
    torchable: (yes) => { const button = find("torch"); if (button) button.hidden = !yes; },
    failed: () => {
      const word = find("no-camera");
      if (word) word.hidden = false;
      const finder = find("finder");
      if (finder) finder.hidden = true;
    },
  });

  async function begin(): Promise<void> {
    const button = find<HTMLButtonElement>("start");
    const hold = find("hold");
    if (button) button.hidden = true;
    if (hold) hold.hidden = false;
    await camera.start();
  }

  async function offer(): Promise<void> {
    const finder = find("finder");
    if (!finder) return;
    if (!navigator.mediaDevices?.getUserMedia) {
      finder.hidden = true;
      return;
    }
    const state = await navigator.permissions?.query({ name: "camera" as PermissionName })
      .then((found) => found.state, () => "prompt");
    if (state === "granted") {
      await begin();
      return;
    }
    const button = find<HTMLButtonElement>("start");
    if (button) button.hidden = false;
    button?.addEventListener("click", () => void begin());
  }

  page.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const data = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    if (form.matches("[data-typed]")) {
      event.preventDefault();
      const text = (data.code ?? "").trim();
      if (text) void look(text);
    } else if (form.matches("[data-use]")) {
      event.preventDefault();
      void use({ code: data.code ?? "", units: data.units ?? "1", nonce: data.nonce ?? crypto.randomUUID(), staff });
    } else if (form.matches("[data-undo]")) {
      event.preventDefault();
      void send("/counter/undo", data).then((html) => { if (html) show(html); return refresh(); });
    }
  });

  page.addEventListener("click", (event) => {
    wake();
    const target = event.target as Element;
    if (target.closest("[data-next]")) {
      event.preventDefault();
      clear();
    } else if (target.closest("[data-again]") && waiting) {
      void use(waiting);
    } else if (target.closest("[data-torch]")) {
      const button = target.closest<HTMLElement>("[data-torch]")!;
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      void camera.torch(on);
    }
  });

  hearScanner((text) => {
    wake();
    if (page.dataset.state === "done" || page.dataset.state === "refused") clear();
    void look(text);
  });
  addEventListener("online", () => void settle());
  setInterval(() => void settle(), 15000);
  void settle();
  void offer();
}

function rest(time: number): Promise<void> { return new Promise((done) => { setTimeout(done, time); }); }
