// Uses whose answer was lost. Each is written down before it is sent and struck out by the first answer, so that a
// closed page or a dead line loses none: the same nonce asked again gives the answer it had.

export interface Use { code: string; units: string; nonce: string; staff: string }

const place = "dure-uses";

function read(): Use[] {
  try {
    const list = JSON.parse(localStorage.getItem(place) ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

function write(list: Use[]): void {
  try {
    if (list.length) localStorage.setItem(place, JSON.stringify(list.slice(-50)));
    else localStorage.removeItem(place);
  } catch { /* a full or forbidden store: the page itself still asks again */ }
}

export function note(use: Use): void { write([...read().filter((one) => one.nonce !== use.nonce), use]); }

export function strike(nonce: string): void { write(read().filter((one) => one.nonce !== nonce)); }

// left gives what this person's uses wait for; another person's are not asked under this name.
export function left(staff: string): Use[] {
  const mine = read().filter((one) => one.staff === staff);
  write(mine);
  return mine;
}

export function forgetPending(): void { write([]); }
