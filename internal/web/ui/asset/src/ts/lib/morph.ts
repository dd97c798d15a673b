// Changes an element into its newer self and keeps focus, scroll and typed words.
import { Idiomorph } from "../../../npm/idiomorph/idiomorph.esm.js";

type Style = "outerHTML" | "innerHTML";

export function morph(target: Element, content: string | DocumentFragment, style: Style = "outerHTML"): Element[] {
  const source = typeof content === "string" ? content : Array.from(content.children);
  return Idiomorph.morph(target, source, { morphStyle: style, ignoreActiveValue: true });
}
