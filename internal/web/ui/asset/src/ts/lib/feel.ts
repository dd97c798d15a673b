// A sound and a tremble for what happened, so that the eyes can stay on the guest.

let audio: AudioContext | undefined;

function note(frequency: number, from: number, length: number): void {
  if (!audio) return;
  const tone = audio.createOscillator();
  const loud = audio.createGain();
  tone.frequency.value = frequency;
  loud.gain.setValueAtTime(0.12, audio.currentTime + from);
  loud.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + from + length);
  tone.connect(loud).connect(audio.destination);
  tone.start(audio.currentTime + from);
  tone.stop(audio.currentTime + from + length);
}

// wake must run inside a tap: browsers give sound to people, not to pages.
export function wake(): void {
  audio ??= typeof AudioContext === "undefined" ? undefined : new AudioContext();
  void audio?.resume();
}

// tremble asks for nothing before the first tap: browsers forbid it, and say so loudly.
function tremble(pattern: number[]): void {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(pattern);
}

export function feel(kind: string): void {
  switch (kind) {
    case "usable":
      note(880, 0, 0.09);
      tremble([40]);
      break;
    case "done":
      note(660, 0, 0.1);
      note(990, 0.11, 0.18);
      tremble([50, 40, 90]);
      break;
    case "refused":
      note(220, 0, 0.25);
      tremble([120, 60, 120]);
      break;
  }
}
