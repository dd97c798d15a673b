import { forgetPending } from "./pending";

// Vouchers kept for the time without a network belong to whoever opened them: a page that greets nobody forgets them.
export const store = "dure-vouchers";

export function forgetKept(): void {
  if (document.body.dataset.guest === undefined) return;
  forgetPending();
  if ("caches" in window) caches.delete(store).catch(() => undefined);
}
