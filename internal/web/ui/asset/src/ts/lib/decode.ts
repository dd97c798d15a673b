// Reads QR codes: with the browser's own detector where it knows QR, else with the vendored WebAssembly reader.
import { BarcodeDetector as Ponyfill, prepareZXingModule } from "../../../npm/barcode-detector/ponyfill.js";

declare const ZXING_WASM_URL: string;

export interface Decoder {
  kind: "native" | "wasm";
  detect(source: ImageBitmapSource): Promise<{ rawValue: string }[]>;
}

export async function makeDecoder(force?: "wasm"): Promise<Decoder> {
  const native = (globalThis as any).BarcodeDetector;
  if (native && force !== "wasm") {
    const formats: string[] = await native.getSupportedFormats().catch(() => []);
    if (formats.includes("qr_code")) {
      const detector = new native({ formats: ["qr_code"] });
      return { kind: "native", detect: (source) => detector.detect(source) };
    }
  }
  prepareZXingModule({
    overrides: { locateFile: (path: string, prefix: string) => path.endsWith(".wasm") ? ZXING_WASM_URL : prefix + path },
  });
  const detector = new Ponyfill({ formats: ["qr_code"] });
  return { kind: "wasm", detect: (source) => detector.detect(source) as Promise<{ rawValue: string }[]> };
}
