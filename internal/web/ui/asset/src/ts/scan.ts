// The scan page's own bundle: it alone carries the decoder. The camera and the redeeming are added here by the counter.
export { makeDecoder } from "./lib/decode";
