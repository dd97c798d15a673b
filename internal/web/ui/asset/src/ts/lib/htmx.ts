// htmx under our content policy: no eval, no style of its own, no page kept in the browser's storage.
import htmx from "../../../npm/htmx/htmx.esm.js";
import { morph } from "./morph";

export function startHtmx(): void {
  Object.assign(htmx.config, {
    allowEval: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    allowScriptTags: false,
    timeout: 15000,
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "(409|410|422|429)", swap: true, error: true },
      { code: "[45]..", swap: false, error: true },
    ],
  });
  htmx.defineExtension("morph", {
    isInlineSwap: (style: string) => style.startsWith("morph"),
    handleSwap: (style: string, target: Element, fragment: DocumentFragment) => {
      if (!style.startsWith("morph")) return false;
      return morph(target, fragment, style === "morph:innerHTML" ? "innerHTML" : "outerHTML");
    },
  });
}

export { htmx };
