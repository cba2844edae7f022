import type { FrameRate } from '../../core/rational.js';
import { ebmlId, ebmlLength } from './ebml.js';
import { AUDIO_BYTES_PER_SAMPLE, AUDIO_TRACK, VIDEO_TRACK } from './header.js';
import { firstSample, frameTimeUs, sampleTimeUs } from './timeline.js';

const CLUSTER = ebmlId(0x1f43b675);
const TIMESTAMP = Buffer.concat([ebmlId(0xe7), ebmlLength(8)]);
const SIMPLE_BLOCK = ebmlId(0xa3);
const LENGTH_BYTES = 8;
/** Track number, relative timestamp, flags. */
const BLOCK_HEADER_BYTES = 4;
const KEYFRAME_FLAG = 0x80;

const BLOCK_OVERHEAD_BYTES = SIMPLE_BLOCK.length + LENGTH_BYTES + BLOCK_HEADER_BYTES;
const TIMESTAMP_ELEMENT_BYTES = TIMESTAMP.length + 8;

function writeBlockHeader(
  target: Buffer,
  at: number,
  block: { track: number; relativeUs: number; payloadBytes: number },
): number {
  SIMPLE_BLOCK.copy(target, at);
  ebmlLength(BLOCK_HEADER_BYTES + block.payloadBytes).copy(target, at + SIMPLE_BLOCK.length);
  const header = at + SIMPLE_BLOCK.length + LENGTH_BYTES;
  target[header] = 0x80 | block.track;
  target.writeInt16BE(block.relativeUs, header + 1);
  target[header + 3] = KEYFRAME_FLAG;
  return header + BLOCK_HEADER_BYTES;
}

/**
 * Everything of frame `n`'s cluster that comes before the picture: its time, the silence that sounds with it,
 * and the opening of the picture's block. The picture itself (`pictureBytes` of I420) must follow at once, so
 * that it never has to be copied. Audio comes first: its few bytes are there when the picture is decoded.
 */
export function clusterHead(n: number, rate: FrameRate, pictureBytes: number): Buffer {
  const timeUs = frameTimeUs(n, rate);
  const sample = firstSample(n, rate);
  const audioBytes = (firstSample(n + 1, rate) - sample) * AUDIO_BYTES_PER_SAMPLE;
  const opening = CLUSTER.length + LENGTH_BYTES;
  const content = TIMESTAMP_ELEMENT_BYTES + 2 * BLOCK_OVERHEAD_BYTES + audioBytes;
  const head = Buffer.alloc(opening + content); // zeros: silence

  CLUSTER.copy(head);
  ebmlLength(content + pictureBytes).copy(head, CLUSTER.length);
  TIMESTAMP.copy(head, opening);
  head.writeBigUInt64BE(BigInt(timeUs), opening + TIMESTAMP.length);
  const audio = writeBlockHeader(head, opening + TIMESTAMP_ELEMENT_BYTES, {
    track: AUDIO_TRACK,
    relativeUs: sampleTimeUs(sample) - timeUs,
    payloadBytes: audioBytes,
  });
  writeBlockHeader(head, audio + audioBytes, {
    track: VIDEO_TRACK,
    relativeUs: 0,
    payloadBytes: pictureBytes,
  });
  return head;
}
