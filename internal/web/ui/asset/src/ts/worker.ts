// Keeps the vouchers that their holder opened, for counters without a network. It sees requests of pages under /vouchers/
// only, keeps only answers that the server marked as the holder's own, and asks the network first whenever there is one.
import { store } from "./lib/kept";

interface Scope {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(kind: string, listener: (event: any) => void): void;
}
const scope = self as unknown as Scope;

const patience = 4000; // a network that does not answer by then counts as none
const listed = "/vouchers/.kept"; // which files each kept page needs

async function lists(cache: Cache): Promise<Record<string, string[]>> {
  const found = await cache.match(listed);
  return found ? found.json() : {};
}

// prune lets go of files that no kept page needs any more.
async function prune(cache: Cache, table: Record<string, string[]>): Promise<void> {
  const needed = new Set(Object.values(table).flat());
  for (const request of await cache.keys()) {
    const path = new URL(request.url).pathname;
    if (path !== listed && !table[request.url] && !needed.has(request.url)) await cache.delete(request);
  }
}

function mayKeep(answer: Response): boolean {
  return answer.ok && !answer.redirected && answer.headers.get("Dure-Keep") === "page";
}

async function keep(page: string, files: string[]): Promise<boolean> {
  const cache = await caches.open(store);
  const before = await lists(cache);
  const answer = await fetch(page, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer) return (await cache.match(page)) !== undefined;
  if (!mayKeep(answer)) {
    await forget(page);
    return false;
  }
  await Promise.all(files.map(async (file) => {
    if (!(await cache.match(file))) await cache.add(file);
  }));
  await cache.put(page, answer);
  const table = { ...before, [page]: files };
  await cache.put(listed, new Response(JSON.stringify(table)));
  await prune(cache, table);
  return true;
}

async function forget(page: string): Promise<void> {
  const cache = await caches.open(store);
  const table = await lists(cache);
  delete table[page];
  await cache.delete(page);
  await cache.put(listed, new Response(JSON.stringify(table)));
  await prune(cache, table);
}

async function show(request: Request): Promise<Response> {
  const page = request.url.split(/[?#]/)[0]!;
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(patience) });
    // Whoever is led to the sign-in page is nobody's holder; whoever finds nothing is not this one's.
    if (answer.redirected || answer.type === "opaqueredirect") await caches.delete(store);
    if (answer.status === 404) await forget(page);
    if (answer.status < 500) return answer;
    return (await kept(page)) ?? answer;
  } catch (problem) {
    const found = await kept(page);
    if (found) return found;
    throw problem;
  }
}

async function kept(address: string): Promise<Response | undefined> {
  if (!(await caches.has(store))) return undefined;
  return (await caches.open(store)).match(address);
}

async function file(request: Request): Promise<Response> {
  return (await kept(request.url)) ?? fetch(request);
}

scope.addEventListener("install", () => { void scope.skipWaiting(); });
scope.addEventListener("activate", (event) => event.waitUntil(scope.clients.claim()));

scope.addEventListener("fetch", (event) => {
  const request: Request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(show(request));
  else if (url.pathname.startsWith("/assets/") || url.pathname.startsWith("/art/")) event.respondWith(file(request));
});

scope.addEventListener("message", (event) => {
  const { keep: page, files } = event.data ?? {};
  if (typeof page !== "string" || !Array.isArray(files) || !page.startsWith(self.location.origin + "/vouchers/")) return;
  event.waitUntil(keep(page, files).then(
    (done) => event.ports[0]?.postMessage(done ? "kept" : "not"),
    () => event.ports[0]?.postMessage("not"),
  ));
});
