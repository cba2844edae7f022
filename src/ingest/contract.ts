import type { LogLevel } from '../core/logger.js';
import type { FrameMediaType } from '../decode/frame-protocol.js';
import type { LivePictures } from '../memory/live-pictures.js';
import type { PictureRing } from '../memory/picture-ring.js';
import type { TrackMemory } from '../memory/track-ring.js';
import type { PageSpec } from '../pages/contract.js';
import type { VideoTrack } from '../scene/video-track.js';

/** What the main thread and the ingest thread say to each other. With the mixer the ingest thread shares memory alone. */

/** Where the samples of a track come from. */
export type TrackInput =
  | {
      readonly kind: 'path';
      readonly path: string;
      /** Of the whole file at 48 kHz, when it has been counted. */
      readonly samples: number | null;
    }
  | { readonly kind: 'url'; readonly url: string }
  /** There is nothing to be decoded: the track fails, and is over at once. `reason` is for people. */
  | { readonly kind: 'missing'; readonly reason: string };

/** What is decoded for a source, an entry of a playlist, or a clip. */
export type TrackSpec = {
  /** No two tracks have the same. */
  readonly key: string;
  readonly input: TrackInput;
  readonly inMs: number;
  /** Null: the end of the file. */
  readonly outMs: number | null;
  readonly loop: boolean;
  /** It has no end, and begins where it is: it is opened again when it ends. */
  readonly isLive: boolean;
  /** It is tried for ever; else a few times. A file that is broken is given up at once. */
  readonly isPatient: boolean;
  /** Where it begins, milliseconds after `inMs`, laps of a loop counted. */
  readonly positionMs: number;
  /** How much is decoded ahead at the most, milliseconds. */
  readonly aheadMs: number;
};

/** A track with the memory that it is decoded into; see track-ring.ts. */
export type Track = TrackSpec & { readonly memory: TrackMemory };

/** A video that is decoded, and the ring that its pictures go into. */
export type WantedVideo = {
  /** No two rings have the same: their memory is another object in each message. */
  readonly id: string;
  readonly track: VideoTrack;
  readonly ring: PictureRing;
};

/** Where a live input is read. */
export type InputContent =
  /** Somebody publishes it to the RTMP server of the service, which hands it over at a socket. */
  | { readonly kind: 'rtmp-push'; readonly socketPath: string }
  | { readonly kind: 'srt-listen'; readonly port: number; readonly passphrase: string | null }
  /** A program sends its pictures. */
  | { readonly kind: 'frames' }
  | { readonly kind: 'web'; readonly page: Omit<PageSpec, 'maxWidthPx' | 'maxHeightPx'> }
  | {
      readonly kind: 'rtmp' | 'rtsp' | 'srt' | 'hls' | 'http-ts';
      readonly url: string;
    };

/** A live input that is decoded, with the memory that its pictures and its sound go into. */
export type InputSpec = {
  readonly id: string;
  /** Equal keys are the same input, decoded in the same way. */
  readonly key: string;
  readonly content: InputContent;
  /** How long after it has come what comes is due, milliseconds. */
  readonly latencyMs: number;
  /** Its pictures are scaled down to this at the most. */
  readonly maxWidthPx: number;
  readonly maxHeightPx: number;
  readonly pictures: LivePictures;
  /** See live-sound.ts. */
  readonly sound: SharedArrayBuffer;
};

/** How the pictures are written that a program sends. */
export type PushedFormat =
  /** A file each; its size is its own. */
  | { readonly kind: 'file'; readonly mediaType: FrameMediaType }
  /** Four bytes a pixel, row after row without gaps. */
  | {
      readonly kind: 'pixels';
      readonly widthPx: number;
      readonly heightPx: number;
      readonly isBgra: boolean;
      readonly alpha: 'straight' | 'premultiplied' | 'none';
    }
  /** Planes Y, U, V of BT.709, limited range, without gaps; both sizes are even. */
  | { readonly kind: 'i420'; readonly widthPx: number; readonly heightPx: number };

/** A program that sends pictures to an input, by a number that no other has had. */
export type FrameSender = {
  readonly senderId: number;
  readonly inputId: string;
  readonly format: PushedFormat;
};

/** A picture that a program has sent. */
export type PushedFrame = {
  readonly senderId: number;
  /** How many the same sender has sent before. */
  readonly number: number;
  readonly bytes: ArrayBuffer;
  /** Of the sender's own clock, milliseconds; null: it is to be shown at once. */
  readonly timestampMs: number | null;
  /** When it has come, on the monotonic clock. */
  readonly cameMs: number;
};

/** What has become of a picture. */
export type FrameAnswer = {
  readonly senderId: number;
  readonly number: number;
  /** `late`: it came after it was due, and is shown all the same until the next one. */
  readonly result: 'taken' | 'late' | 'dropped' | 'broken';
  /** Why it is not shown, in a word of the API for what is dropped, a sentence for people for what is broken; null: it is. */
  readonly reason: string | null;
};

export type IngestInit = {
  readonly logLevel: LogLevel;
  /** Null: FFmpeg is looked for on the PATH. */
  readonly ffmpegPath: string | null;
  /** The address that is listened on for those who call. */
  readonly listenHost: string;
  /** Null: Chromium is looked for on the PATH. */
  readonly chromiumPath: string | null;
  /** Hosts, as `name` or `name:port`, that may be private. */
  readonly allowPrivateHosts: readonly string[];
  /** Addresses below this one may be private; null: there is none. */
  readonly cdnBaseUrl: string | null;
};

/** What is done with the page of an input. */
export type PageCall =
  { readonly kind: 'reload' } | { readonly kind: 'message'; readonly message: unknown };

export type ToIngest =
  /** All tracks that are wanted; what is not among them any more is given up. */
  | { readonly type: 'tracks'; readonly tracks: readonly Track[] }
  /** All videos that are wanted, each with a ring of its own. */
  | { readonly type: 'videos'; readonly videos: readonly WantedVideo[] }
  /** All live inputs that are to be decoded. */
  | { readonly type: 'inputs'; readonly inputs: readonly InputSpec[] }
  /** All programs that send pictures. */
  | { readonly type: 'frame-senders'; readonly senders: readonly FrameSender[] }
  | { readonly type: 'frame'; readonly frame: PushedFrame }
  | {
      readonly type: 'page';
      readonly callId: number;
      readonly inputId: string;
      readonly call: PageCall;
    }
  /** Ports of the service itself, which no page may reach on this machine. */
  | { readonly type: 'own-ports'; readonly ports: readonly number[] }
  | { readonly type: 'close' };

/** What becomes of a live input: at every change, and once a second. */
export type InputReport = {
  readonly id: string;
  readonly state: 'idle' | 'connecting' | 'live' | 'stalled' | 'ended' | 'refused';
  /** Why nothing comes, for people; null while something does. */
  readonly reason: string | null;
  /** Of its pictures as they are decoded; null while it has none. */
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  readonly hasSound: boolean;
  /** Pictures a second that come now. */
  readonly fps: number;
  readonly pictures: number;
  /** Pictures that came after they were due. */
  readonly late: number;
  /** Pictures that came so early that there was no room for them. */
  readonly dropped: number;
  readonly reconnects: number;
  /** That is kept to, milliseconds. */
  readonly latencyMs: number;
};

/** What becomes of a track. */
export type TrackReport = {
  readonly key: string;
  /** `failed`: it is silent for now; whether it is tried again, `retries` says. */
  readonly state: 'decoding' | 'failed';
  /** Why, for people; null when it does not fail. */
  readonly reason: string | null;
  readonly retries: boolean;
};

export type FromIngest =
  | { readonly type: 'ready' }
  | ({ readonly type: 'track' } & TrackReport)
  | { readonly type: 'input'; readonly report: InputReport }
  | { readonly type: 'frame'; readonly answer: FrameAnswer }
  /** Whether there was a page that the call reached. */
  | { readonly type: 'page'; readonly callId: number; readonly isDone: boolean }
  /** What a script of the page of an input has said. */
  | { readonly type: 'page-message'; readonly inputId: string; readonly message: unknown }
  | { readonly type: 'closed' };
