import type { PreviewService } from '../src/api/ports.js';

/** A preview of nothing: for a control plane whose pictures nobody looks at. */
export class IdlePreview implements PreviewService {
  grab(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array());
  }

  setTiers(): void {
    // There is no thread that would make them.
  }

  setWatchers(): void {
    // There is no program that would have to run.
  }

  onPicture(): () => void {
    return () => undefined;
  }
}
