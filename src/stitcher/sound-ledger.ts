import type { SoundLedgerSnapshot } from './contract.js';

/** No sample of any slot. */
export const NO_SOUND: SoundLedgerSnapshot = {
  clock: 0,
  mixed: 0,
  silent: 0,
  missing: { mixer: 0, encoder: 0 },
  waiting: 0,
};

/** The samples of two sessions together. */
export function sumOfSound(a: SoundLedgerSnapshot, b: SoundLedgerSnapshot): SoundLedgerSnapshot {
  return {
    clock: a.clock + b.clock,
    mixed: a.mixed + b.mixed,
    silent: a.silent + b.silent,
    missing: {
      mixer: a.missing.mixer + b.missing.mixer,
      encoder: a.missing.encoder + b.missing.encoder,
    },
    waiting: a.waiting + b.waiting,
  };
}
