/**
 * Formats that sound is read from, as FFmpeg calls them. Others, such as scripts that name further files, are not read.
 */
export const SOUND_FORMATS = [
  ...['wav', 'w64', 'aiff', 'caf', 'au', 'mp3', 'ogg', 'flac', 'aac', 'mov', 'matroska'],
  ...['mpegts', 'asf', 'ac3', 'eac3', 'amr', 'ape', 'wv', 'tta'],
] as const;
