/** Formats that videos are read from, as FFmpeg calls them. Others, such as scripts that name further files, are not read. */
export const VIDEO_FORMATS = [
  ...[
    'mov',
    'matroska',
    'avi',
    'mpegts',
    'mpeg',
    'ogg',
    'flv',
    'asf',
    'mxf',
    'm4v',
    'h264',
    'hevc',
  ],
] as const;
