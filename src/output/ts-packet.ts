/** Fields of MPEG-TS packets (ISO/IEC 13818-1, 2.4.3), each read at the packet's first byte `at`. */

export const TS_PACKET_BYTES = 188;
export const TS_SYNC_BYTE = 0x47;
export const PAT_PID = 0;

const STREAM_TYPE_H264 = 0x1b;
const PACKET_HEADER_BYTES = 4;

/** Packet identifier: which stream the packet belongs to. */
export function pidOf(bytes: Buffer, at: number): number {
  return bytes.readUInt16BE(at + 1) & 0x1fff;
}

/** Whether a new unit (a frame, a table) begins in this packet. */
export function startsUnit(bytes: Buffer, at: number): boolean {
  return (bytes.readUInt8(at + 1) & 0x40) !== 0;
}

/** Whether the packet says that decoding can begin here: set at keyframes. */
export function isRandomAccess(bytes: Buffer, at: number): boolean {
  const hasAdaptation = (bytes.readUInt8(at + 3) & 0x20) !== 0;
  return hasAdaptation && bytes.readUInt8(at + 4) > 0 && (bytes.readUInt8(at + 5) & 0x40) !== 0;
}

/** A table section that begins and ends in this packet, from its table id to before its checksum; null when there is none. */
function sectionOf(bytes: Buffer, at: number): Buffer | null {
  if (!startsUnit(bytes, at)) return null;
  const packet = bytes.subarray(at, at + TS_PACKET_BYTES);
  const control = packet.readUInt8(3);
  const adaptation = (control & 0x20) === 0 ? 0 : 1 + packet.readUInt8(PACKET_HEADER_BYTES);
  const pointerAt = PACKET_HEADER_BYTES + adaptation;
  if (pointerAt >= TS_PACKET_BYTES) return null;
  const start = pointerAt + 1 + packet.readUInt8(pointerAt);
  if (start + 3 > TS_PACKET_BYTES) return null;
  const end = start + 3 + (packet.readUInt16BE(start + 1) & 0x0fff) - 4;
  return end > TS_PACKET_BYTES || end <= start ? null : packet.subarray(start, end);
}

/** PID of the first programme's map, read from a programme association packet; null when it names none. */
export function pmtPidOf(bytes: Buffer, at: number): number | null {
  const section = sectionOf(bytes, at);
  if (section === null) return null;
  for (let entry = 8; entry + 4 <= section.length; entry += 4)
    if (section.readUInt16BE(entry) !== 0) return section.readUInt16BE(entry + 2) & 0x1fff;
  return null;
}

/** PID of the H.264 track, read from a programme map packet; null when there is none. */
export function videoPidOf(bytes: Buffer, at: number): number | null {
  const section = sectionOf(bytes, at);
  if (section === null || section.length < 12) return null;
  let entry = 12 + (section.readUInt16BE(10) & 0x0fff);
  while (entry + 5 <= section.length) {
    if (section.readUInt8(entry) === STREAM_TYPE_H264)
      return section.readUInt16BE(entry + 1) & 0x1fff;
    entry += 5 + (section.readUInt16BE(entry + 3) & 0x0fff);
  }
  return null;
}
