import type { ErrorCode } from '../core/errors.js';
import type { AirFrame } from '../core/program-clock.js';
import type { Layer } from '../scene/schema/layer.js';
import type { TickerItem } from '../scene/schema/ticker-item.js';
import type { ChatMessage } from '../scene/schema/chat-message.js';
import type { SceneTransition } from '../scene/schema/scene-transition.js';
import type { Scene } from '../scene/schema/scene.js';
import type { BatchRecord } from './batch-schema.js';
import type { Input } from './input-schema.js';
import type { Template } from '../scene/templates/template.js';
import type { TransportAction } from './sound-playback.js';
import type { SceneMoment } from './staging.js';
import type { Asset, Output, ServiceState, StreamConfig } from './model.js';

/** The lists of the sound. */
export type SoundListName = 'sources' | 'buses' | 'ducking';

/** What a stopwatch is asked to do. */
export type StopwatchAction = 'start' | 'pause' | 'reset' | 'lap';

/** What a video is asked to do. */
export type VideoAction =
  | { readonly type: 'pause' | 'resume' | 'restart' }
  | { readonly type: 'seek'; readonly positionMs: number };

/** A JSON merge patch (RFC 7396): null takes a field back to its default. */
export type MergePatch = { readonly [field: string]: unknown };

/** Every change of the state. Commands carry whatever is not a function of the state: new ids and the time. */
export type Command =
  | { readonly type: 'scene.create'; readonly scene: Scene }
  | ({ readonly type: 'scene.replace'; readonly scene: Scene } & SceneMoment)
  | ({
      readonly type: 'scene.patch';
      readonly sceneId: string;
      readonly patch: MergePatch;
    } & SceneMoment)
  | { readonly type: 'scene.remove'; readonly sceneId: string }
  /** Loads a scene to preview; one that is loaded already starts again there. */
  | { readonly type: 'preview.load'; readonly sceneId: string; readonly atMs: number }
  | { readonly type: 'preview.clear' }
  /** Puts the scene in preview on air; `swap` brings the scene that was on air into preview, else it stays there, too. */
  | {
      readonly type: 'program.take';
      readonly atMs: number;
      readonly swap: boolean;
      /** As that of an activation. */
      readonly transition: SceneTransition | null;
    }
  | {
      readonly type: 'scene.activate';
      readonly sceneId: string;
      readonly atMs: number;
      /** Null: as is set for the two scenes, or for all. */
      readonly transition: SceneTransition | null;
    }
  /** `index` is the place in the stack of its group or scene, 0 at the bottom; null puts it on top. */
  | ({
      readonly type: 'layer.create';
      readonly sceneId: string;
      /** Null: in none. */
      readonly groupId: string | null;
      readonly layer: Layer;
      readonly index: number | null;
    } & SceneMoment)
  /** `index` moves the layer in its stack; null leaves it where it is. */
  | ({
      readonly type: 'layer.patch';
      readonly sceneId: string;
      readonly layerId: string;
      readonly patch: MergePatch;
      readonly index: number | null;
    } & SceneMoment)
  | ({
      readonly type: 'layer.remove';
      readonly sceneId: string;
      readonly layerId: string;
    } & SceneMoment)
  | { readonly type: 'transition.default'; readonly transition: SceneTransition }
  | {
      readonly type: 'transition.put';
      readonly from: string;
      readonly to: string;
      readonly transition: SceneTransition;
    }
  /** Commands that only one kind of layer takes. */
  | {
      readonly type: 'stopwatch.control';
      readonly sceneId: string;
      readonly layerId: string;
      readonly action: StopwatchAction;
      readonly atMs: number;
    }
  | {
      readonly type: 'video.control';
      readonly sceneId: string;
      readonly layerId: string;
      readonly action: VideoAction;
      readonly atMs: number;
    }
  | {
      readonly type: 'ticker.push';
      readonly sceneId: string;
      readonly layerId: string;
      readonly items: readonly TickerItem[];
      readonly atMs: number;
    }
  | {
      readonly type: 'ticker.remove';
      readonly sceneId: string;
      readonly layerId: string;
      /** Null: all. */
      readonly itemId: string | null;
      readonly atMs: number;
    }
  /** A message that came at its `atMs`. */
  | {
      readonly type: 'chat.append';
      readonly sceneId: string;
      readonly layerId: string;
      readonly message: ChatMessage;
    }
  | {
      readonly type: 'chat.remove';
      readonly sceneId: string;
      readonly layerId: string;
      readonly messageId: string;
      readonly atMs: number;
    }
  | {
      readonly type: 'chat.clear';
      readonly sceneId: string;
      readonly layerId: string;
      /** Null: all. */
      readonly author: string | null;
      readonly atMs: number;
    }
  | { readonly type: 'transition.remove'; readonly from: string; readonly to: string }
  | { readonly type: 'asset.put'; readonly asset: Asset }
  | { readonly type: 'asset.remove'; readonly assetId: string }
  /** A merge patch of all variables: null takes one, or a field of one, away. */
  | ({ readonly type: 'variables.set'; readonly values: MergePatch } & SceneMoment)
  | ({ readonly type: 'variables.remove'; readonly name: string } & SceneMoment)
  | { readonly type: 'template.create'; readonly template: Template }
  | { readonly type: 'template.replace'; readonly template: Template }
  | { readonly type: 'template.remove'; readonly templateId: string }
  /** Of the lists of the sound: sources, buses, rules of ducking. */
  | ({
      readonly type: 'sound.create';
      readonly list: SoundListName;
      readonly item: unknown;
    } & SceneMoment)
  | ({
      readonly type: 'sound.patch';
      readonly list: SoundListName;
      readonly id: string;
      readonly patch: MergePatch;
    } & SceneMoment)
  | ({
      readonly type: 'sound.remove';
      readonly list: SoundListName;
      readonly id: string;
    } & SceneMoment)
  /** Playback of a source. */
  | {
      readonly type: 'sound.transport';
      readonly sourceId: string;
      readonly action: TransportAction;
      readonly atMs: number;
    }
  /** The mixer has begun another entry of a playlist by itself. */
  | {
      readonly type: 'sound.advance';
      readonly sourceId: string;
      readonly run: number;
      readonly atMs: number;
    }
  | { readonly type: 'sound.clip.play'; readonly clip: unknown; readonly atMs: number }
  | ({ readonly type: 'sound.clip.stop'; readonly clipId: string } & SceneMoment)
  /** The mixer has begun a clip. */
  | { readonly type: 'sound.clip.begin'; readonly clipId: string; readonly frame: number }
  /** The mixer has come to the end of a clip; or it cannot be played, for a reason. */
  | {
      readonly type: 'sound.clip.end';
      readonly clipId: string;
      readonly frame: number | null;
      /** Null: it has been played. */
      readonly reason: string | null;
    }
  | ({ readonly type: 'sound.master'; readonly patch: MergePatch } & SceneMoment)
  | { readonly type: 'output.create'; readonly output: Output }
  | {
      readonly type: 'output.patch';
      readonly outputId: string;
      /** What is left out, or undefined, stays. */
      readonly patch: {
        readonly [K in 'name' | 'url' | 'enabled']?: Output[K] | undefined;
      };
    }
  | { readonly type: 'output.remove'; readonly outputId: string }
  | { readonly type: 'input.create'; readonly input: Input }
  | {
      readonly type: 'input.patch';
      readonly inputId: string;
      /** What is left out, or undefined, stays. */
      readonly patch: {
        readonly [K in 'name' | 'content' | 'latencyMs' | 'isKeptOpen']?: Input[K] | undefined;
      };
    }
  | { readonly type: 'input.remove'; readonly inputId: string }
  /** What is left out, or undefined, stays. */
  | {
      readonly type: 'config.patch';
      readonly patch: { readonly [K in keyof StreamConfig]?: StreamConfig[K] | undefined };
    }
  | { readonly type: 'stream.want'; readonly wanted: 'live' | 'offline'; readonly atMs: number }
  /** All of them or none, as one change. */
  | {
      readonly type: 'batch.apply';
      readonly batchId: string;
      readonly commands: readonly Command[];
      readonly late: boolean;
    }
  | { readonly type: 'batch.schedule'; readonly batch: BatchRecord }
  /** A scheduled batch has its moment; `frame` is the one that it is on air with, null when no clock runs. */
  | {
      readonly type: 'batch.commit';
      readonly batchId: string;
      readonly frame: AirFrame | null;
      readonly late: boolean;
      readonly atMs: number;
    }
  /** The clock that scheduled batches go by has changed: they are due, or are shown, at other moments. */
  | { readonly type: 'batch.redate'; readonly moments: readonly BatchRedate[] }
  | { readonly type: 'batch.cancel'; readonly batchId: string; readonly atMs: number }
  | {
      readonly type: 'batch.fail';
      readonly batchId: string;
      readonly code: ErrorCode;
      readonly reason: string;
      readonly atMs: number;
    }
  /**
   * Given by the store itself, when Redis was away at the start and comes back with a newer state than the one the
   * service started from: that state takes the place of this one as a whole.
   */
  | { readonly type: 'state.adopt'; readonly state: ServiceState };

/** The new moments of a scheduled batch, as in `BatchRecord`. */
export type BatchRedate = {
  readonly batchId: string;
  readonly dueAtMs: number;
  readonly programTimeMs: number;
};

export type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>;
