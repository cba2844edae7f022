import type { FrameRate } from '../../core/rational.js';
import { ebmlId, ebmlLength } from './ebml.js';
import { AUDIO_TRACK, VIDEO_TRACK } from './header.js';
import { frameTimeUs, sampleTimeUs } from './timeline.js';

const CLUSTER = ebmlId(0x1f43b675);
const TIMESTAMP = Buffer.concat([ebmlId(0xe7), ebmlLength(8)]);
const SIMPLE_BLOCK = ebmlId(0xa3);
const LENGTH_BYTES = 8;
/** Track number, relative timestamp, flags. */
const BLOCK_HEADER_BYTES = 4;
const KEYFRAME_FLAG = 0x80;

const TIMESTAMP_ELEMENT_BYTES = TIMESTAMP.length + 8;
const CONTENT_BYTE = CLUSTER.length + LENGTH_BYTES;
const HEAD_BYTES =
  CONTENT_BYTE + TIMESTAMP_ELEMENT_BYTES + SIMPLE_BLOCK.length + LENGTH_BYTES + BLOCK_HEADER_BYTES;

/** All of a cluster with one block that comes before the block's content, which must follow at once. */
function clusterHead(track: number, timeUs: number, payloadBytes: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  CLUSTER.copy(head);
  ebmlLength(HEAD_BYTES - CONTENT_BYTE + payloadBytes).copy(head, CLUSTER.length);
  TIMESTAMP.copy(head, CONTENT_BYTE);
  head.writeBigUInt64BE(BigInt(timeUs), CONTENT_BYTE + TIMESTAMP.length);
  const block = CONTENT_BYTE + TIMESTAMP_ELEMENT_BYTES;
  SIMPLE_BLOCK.copy(head, block);
  ebmlLength(BLOCK_HEADER_BYTES + payloadBytes).copy(head, block + SIMPLE_BLOCK.length);
  // The time relative to the cluster's stays 0.
  head[HEAD_BYTES - BLOCK_HEADER_BYTES] = 0x80 | track;
  head[HEAD_BYTES - 1] = KEYFRAME_FLAG;
  return head;
}

/**
 * Everything of frame `n`'s cluster that comes before the picture, whose `pictureBytes` of I420 must follow at once, so
 * that they never have to be copied.
 */
export function pictureHead(n: number, rate: FrameRate, pictureBytes: number): Buffer {
  return clusterHead(VIDEO_TRACK, frameTimeUs(n, rate), pictureBytes);
}

/** The same for sound: `soundBytes` of interleaved floats, the first of which is sample `firstSample` of the stream. */
export function soundHead(firstSample: number, soundBytes: number): Buffer {
  return clusterHead(AUDIO_TRACK, sampleTimeUs(firstSample), soundBytes);
}
