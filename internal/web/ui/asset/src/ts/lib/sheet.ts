// Sheets open as modal dialogs; without script the same link shows them in place through :target.
export function startSheets(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-open]");
    if (opener) {
      const sheet = document.getElementById(opener.dataset.open ?? "");
      if (sheet instanceof HTMLDialogElement) {
        event.preventDefault();
        sheet.showModal();
      }
      return;
    }
    const closer = target.closest("[data-close]");
    if (closer || target instanceof HTMLDialogElement) {
      const sheet = target.closest("dialog");
      if (sheet?.open) {
        event.preventDefault();
        sheet.close();
      }
    }
    for (const drawer of document.querySelectorAll<HTMLDetailsElement>("details.drawer[open]")) {
      if (!drawer.contains(target)) drawer.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const drawer of document.querySelectorAll<HTMLDetailsElement>("details.drawer[open]")) {
      drawer.open = false;
      drawer.querySelector("summary")?.focus();
    }
  });
}
