// Copying and sharing, only ever upon a tap.
import { toast } from "./say";

async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch { /* the address bar still holds it */ }
}

export function startSharing(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy],[data-share]");
    if (!button) return;
    event.preventDefault();
    const done = button.dataset.done ?? "";
    if (button.dataset.copy !== undefined) {
      void copy(button.dataset.copy, done);
      return;
    }
    const url = new URL(button.dataset.share || location.href, location.href).href;
    if (navigator.share) {
      navigator.share({ url, title: button.dataset.title ?? document.title, text: button.dataset.text }).catch(() => undefined);
    } else {
      void copy(url, done);
    }
  });
}
