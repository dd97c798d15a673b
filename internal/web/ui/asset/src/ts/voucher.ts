// A voucher's page asks its worker to keep it, and says so only once it truly is kept.

function files(): string[] {
  const here = location.origin + "/";
  const seen = new Set<string>();
  for (const entry of performance.getEntriesByType("resource")) {
    const url = entry.name.split("#")[0]!;
    if (url.startsWith(here + "assets/") || url.startsWith(here + "art/")) seen.add(url);
  }
  for (const use of document.querySelectorAll("use")) {
    const href = use.getAttribute("href");
    if (href) seen.add(new URL(href.split("#")[0]!, location.href).href);
  }
  return [...seen];
}

function show(): void {
  for (const chip of document.querySelectorAll<HTMLElement>("[data-kept]")) chip.hidden = false;
}

async function keep(): Promise<void> {
  const registration = await navigator.serviceWorker.ready;
  const channel = new MessageChannel();
  channel.port1.onmessage = (event) => { if (event.data === "kept") show(); };
  registration.active?.postMessage({ keep: location.origin + location.pathname, files: files() }, [channel.port2]);
}

// Fonts arrive last; without them the kept page would be read in another face.
if ("serviceWorker" in navigator) {
  void document.fonts.ready.then(() => keep()).catch(() => undefined);
}
