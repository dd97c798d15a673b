// Hardware scanners are keyboards that type fast and end with Enter. They are heard anywhere on the page, whatever has
// the focus and whatever input method a Korean keyboard is in.

const gapMax = 60; // milliseconds between two keys of a scanner; people are slower
const lengthMin = 8;

// character reads a key as a scanner means it: an input method may have turned its letter into Hangul.
function character(event: KeyboardEvent): string {
  if (event.key.length === 1 && event.key.charCodeAt(0) < 128) return event.key;
  const letter = /^Key([A-Z])$/.exec(event.code);
  if (letter) return letter[1]!;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
  return digit ? digit[1]! : "";
}

export function hearScanner(take: (text: string) => void): void {
  let text = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const quick = event.timeStamp - last < gapMax;
    last = event.timeStamp;
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    if (event.key === "Enter") {
      const whole = text;
      text = "";
      if (!quick || whole.length < lengthMin) return;
      event.preventDefault();
      event.stopPropagation();
      if (typing) (event.target as HTMLInputElement).value = "";
      take(whole);
      return;
    }
    const one = character(event);
    if (!one) return;
    text = quick ? text + one : one;
  }, true);
}
