import { once } from 'node:events';
import { WebSocket } from 'ws';
import { addNote, createSound, frequencyOf } from '../../src/demo/synthesiser.js';
import { toWav } from '../../src/demo/wav.js';
import type { Service } from './service.js';

const SONG_SECONDS = [20, 30, 40] as const;
const VOICE_RATE_HZ = 24_000;
const VOICE_CHUNK_MS = 100;
/** The voice speaks for so long, and is quiet for as long. */
export const SENTENCE_MS = 4000;

/** A song of which each half second has another note. */
function song(seconds: number, lowestNote: number): Buffer {
  const sound = createSound(seconds);
  for (let half = 0; half < seconds * 2; half++)
    addNote(sound, {
      startSeconds: half / 2,
      seconds: 0.5,
      frequencyHz: frequencyOf(lowestNote + ((half * 5) % 12)),
      gain: 0.2,
      pan: 0,
      octave: 0.3,
      attackSeconds: 0.01,
      decaySeconds: null,
      releaseSeconds: 0.05,
    });
  return toWav(sound);
}

/** Uploads what the playlist plays. */
export async function uploadSongs(service: Service): Promise<void> {
  for (const [i, seconds] of SONG_SECONDS.entries()) {
    const { status } = await service.send(
      'POST',
      `/api/assets?id=song-${i}`,
      song(seconds, 48 + 7 * i),
      'audio/wav',
    );
    if (status >= 300) throw new Error(`A song was answered with ${status}.`);
  }
}

/** A playlist of the songs, a host, and music that gives way to the host. */
export async function addSources(service: Service): Promise<void> {
  await service.call('POST', '/api/audio/sources', {
    id: 'songs',
    bus: 'music',
    content: {
      kind: 'playlist',
      entries: SONG_SECONDS.map((_, i) => ({ kind: 'file', asset: `song-${i}` })),
      order: 'shuffled',
      crossfadeMs: 3000,
      variable: 'song',
    },
    strip: { gainDb: -12 },
  });
  await service.call('POST', '/api/audio/sources', {
    id: 'host',
    bus: 'voice',
    content: { kind: 'push', latencyMs: 300 },
  });
  await service.call('POST', '/api/audio/ducking', { id: 'talk', when: 'voice', bus: 'music' });
}

/** Takes away what `addSources` has added. */
export async function removeSources(service: Service): Promise<void> {
  await service.call('DELETE', '/api/audio/ducking/talk', null);
  for (const id of ['songs', 'host'])
    await service.call('DELETE', `/api/audio/sources/${id}`, null);
}

/** Speaks as a program does: sentences in chunks of 100 ms, with pauses between them. Returns what ends it. */
export async function speak(service: Service): Promise<() => void> {
  const query = `format=s16le&rate=${VOICE_RATE_HZ}`;
  const socket = new WebSocket(`ws://127.0.0.1:${service.port}/ws/audio/host?${query}`);
  await once(socket, 'open');
  const count = (VOICE_RATE_HZ * VOICE_CHUNK_MS) / 1000;
  const startMs = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    for (; sent * VOICE_CHUNK_MS < performance.now() - startMs; sent++) {
      if ((sent * VOICE_CHUNK_MS) % (2 * SENTENCE_MS) >= SENTENCE_MS) continue;
      const samples = Int16Array.from({ length: count }, (_, i) =>
        Math.round(8000 * Math.sin((2 * Math.PI * 220 * (sent * count + i)) / VOICE_RATE_HZ)),
      );
      socket.send(Buffer.from(samples.buffer));
    }
  }, VOICE_CHUNK_MS / 2);
  return () => {
    clearInterval(timer);
    socket.close();
  };
}
