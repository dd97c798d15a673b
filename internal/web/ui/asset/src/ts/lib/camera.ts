// The camera: on while the page is looked at, off the moment it is not.
import { makeDecoder, type Decoder } from "./decode";

const pause = 90; // milliseconds between two looks at the picture

export interface Camera {
  start(): Promise<boolean>;
  torch(on: boolean): Promise<void>;
}

export interface Watch {
  video: HTMLVideoElement;
  seen(text: string): void;
  torchable(yes: boolean): void;
  failed(): void;
}

export function makeCamera(watch: Watch): Camera {
  let stream: MediaStream | undefined;
  let decoder: Decoder | undefined;
  let wanted = false;
  let timer: number | undefined;

  function stop(): void {
    clearTimeout(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    watch.video.srcObject = null;
    watch.torchable(false);
  }

  async function look(): Promise<void> {
    if (!stream) return;
    if (decoder && watch.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      const found = await decoder.detect(watch.video).catch(() => []);
      for (const code of found) watch.seen(code.rawValue);
    }
    if (stream) timer = window.setTimeout(() => void look(), pause);
  }

  async function open(): Promise<boolean> {
    if (stream) return true;
    try {
      const [opened] = await Promise.all([
        navigator.mediaDevices.getUserMedia({
          audio: false,
          video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 960 } },
        }),
        (async () => { decoder ??= await makeDecoder(); })(),
      ]);
      if (document.hidden) {
        for (const track of opened.getTracks()) track.stop();
        return true;
      }
      stream = opened;
      watch.video.srcObject = opened;
      await watch.video.play().catch(() => undefined);
      const able = opened.getVideoTracks()[0]?.getCapabilities?.() as { torch?: boolean } | undefined;
      watch.torchable(able?.torch === true);
      void look();
      return true;
    } catch {
      stop();
      watch.failed();
      return false;
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stop();
    else if (wanted) void open();
  });
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => { if (event.persisted && wanted) void open(); });

  return {
    async start() {
      wanted = true;
      return open();
    },
    async torch(on) {
      await stream?.getVideoTracks()[0]?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] })
        .catch(() => undefined);
    },
  };
}
