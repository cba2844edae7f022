import type { SoundContent } from '../scene/sound/content.js';
import {
  type ContentPlayer,
  NoisePlayer,
  PushPlayer,
  type PushedSound,
  SILENCE,
  TonePlayer,
} from './contents.js';
import { FilePlayer } from './file-player.js';
import { InputPlayer, type InputSounds } from './input-player.js';
import type { NoiseGenerator } from './noise.js';
import { LivePlayer } from './live-player.js';
import { PlaylistPlayer, type TrackEventListener } from './playlist-player.js';

/** What players of sources are made with. */
export type PlayerSurroundings = {
  readonly pushed: PushedSound;
  readonly inputs: InputSounds;
  readonly noise: NoiseGenerator;
  readonly listener: TrackEventListener;
};

/** Starts what a source plays. */
export function playerOf(
  sourceId: string,
  content: SoundContent,
  { pushed, inputs, noise, listener }: PlayerSurroundings,
): ContentPlayer {
  switch (content.kind) {
    case 'tone':
      return new TonePlayer(content);
    case 'noise':
      return new NoisePlayer(content, noise);
    case 'silence':
      return SILENCE;
    case 'push':
      return new PushPlayer(content, sourceId, pushed);
    case 'input':
      return new InputPlayer(content.input, inputs);
    case 'file':
    case 'url':
      return new FilePlayer(listener);
    case 'stream':
      return new LivePlayer(listener);
    case 'playlist':
      return new PlaylistPlayer(listener);
  }
}
