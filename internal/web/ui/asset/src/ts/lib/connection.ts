// The line: a banner while it is down, and the worker that keeps vouchers at hand without it.
export function startConnection(): void {
  const banner = document.querySelector<HTMLElement>("[data-offline]");
  const show = () => { if (banner) banner.hidden = navigator.onLine; };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
  const { worker, workerScope } = document.body.dataset;
  if (worker && "serviceWorker" in navigator) {
    navigator.serviceWorker.register(worker, workerScope ? { scope: workerScope } : undefined).catch(() => undefined);
  }
}
