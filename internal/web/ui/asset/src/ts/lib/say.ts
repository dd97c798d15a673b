// Two ways of telling: a toast everybody sees and a polite sentence for those who listen.
export function toast(text: string): void {
  const place = document.querySelector<HTMLElement>("[data-toasts]");
  if (!place || !text) return;
  const item = document.createElement("p");
  item.className = "toast";
  item.textContent = text;
  place.append(item);
  setTimeout(() => item.remove(), 5000);
}

export function say(text: string): void {
  const place = document.querySelector<HTMLElement>("[data-say-here]");
  if (place && text && place.textContent !== text) place.textContent = text;
}
