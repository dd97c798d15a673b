// Forms: no double sending, a stepper, won with commas while typing, a look at the chosen picture.

function release(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) free(form);
}

function free(form: HTMLFormElement): void {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll<HTMLButtonElement>("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    button.disabled = false;
  }
}

function onSubmit(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || form.method === "get" || form.dataset.repeat !== undefined) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  const button = event.submitter as HTMLButtonElement | null;
  // After the browser has read the form, or the pressed button's own value would be lost.
  setTimeout(() => {
    button?.setAttribute("aria-busy", "true");
    if (button) button.disabled = true;
  });
}

function onClick(event: MouseEvent): void {
  const button = (event.target as Element).closest<HTMLElement>("[data-step]");
  const input = button?.parentElement?.querySelector("input");
  if (!button || !input) return;
  if (Number(button.dataset.step) > 0) input.stepUp(); else input.stepDown();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function onInput(event: Event): void {
  const input = event.target as HTMLInputElement;
  if (input.dataset.won === undefined || input.selectionStart !== input.value.length) return;
  const digits = input.value.replace(/[^0-9]/g, "").replace(/^0+(?=\d)/, "");
  input.value = digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

function onChange(event: Event): void {
  const input = event.target as HTMLInputElement;
  if (input.dataset.send !== undefined) input.form?.requestSubmit();
  if (input.type !== "file") return;
  const place = input.closest(".drop")?.querySelector(".preview");
  if (!place) return;
  for (const old of place.querySelectorAll("img")) URL.revokeObjectURL(old.src);
  place.replaceChildren(...[...(input.files ?? [])].slice(0, 12).map((file) => {
    if (!file.type.startsWith("image/")) {
      const name = document.createElement("span");
      name.className = "chip";
      name.textContent = file.name;
      return name;
    }
    const picture = new Image(80, 80);
    picture.alt = file.name;
    picture.src = URL.createObjectURL(file);
    return picture;
  }));
}

export function startForms(): void {
  document.addEventListener("submit", onSubmit);
  document.addEventListener("click", onClick);
  document.addEventListener("input", onInput);
  document.addEventListener("change", onChange);
  addEventListener("pageshow", release);
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const form = (event.target as Element).closest("form");
    if (form) free(form);
  });
  document.querySelector<HTMLElement>("[data-focus]")?.focus();
}
