/** What a scene document may hold at the most. The figures bound the work of one frame and the memory of one scene. */
export const SCENE_LIMITS = {
  scenes: 200,
  /** Those in groups counted. */
  layersPerScene: 500,
  /** Groups in groups. */
  groupDepth: 8,
  animationsPerLayer: 32,
  keyframesPerAnimation: 256,
  nameChars: 200,
  textChars: 4096,
  /** Largest extent of a layer or a scene, in pixels. */
  extentPx: 8192,
  /** Largest distance of a layer from the scene's origin, in pixels. */
  offsetPx: 100_000,
  fontSizePx: 1024,
  /** Gaps, paddings and margins of a layout. */
  spacingPx: 4096,
  /** Of grow and shrink, and of a track's share: `1000fr`. */
  flexFactor: 1000,
  /** Columns or rows of a grid that are written down, and the last one that a layer may ask for. */
  gridTracks: 64,
  spansPerText: 64,
  textLines: 500,
  textStrokePx: 128,
  textPaddingPx: 2048,
  radiusPx: 4096,
  borderPx: 512,
  shadowPx: 512,
  shadowsPerLayer: 8,
  filtersPerLayer: 8,
  /** Standard deviation of a blur. */
  blurPx: 200,
  /** Of brightness, contrast and saturation; 1 leaves them as they are. */
  filterAmount: 10,
  /** How many times as fast as it is a film or an animation may run. */
  playbackSpeed: 100,
  slowestVideo: 0.25,
  fastestVideo: 4,
  videoRuns: 100_000_000,
  /** Ten minutes at 60 a second. */
  lottieFrames: 36_000,
  gradientStops: 16,
  dashes: 16,
  /** Corners of a polygon, tips of a star. */
  figurePoints: 100,
  /** Path data of a figure. */
  pathChars: 16_384,
  progressSegments: 200,
  meterSegments: 128,
  voteOptions: 20,
  /** Votes for one option. */
  votes: 1_000_000_000,
  tableRows: 200,
  tableColumns: 32,
  skewDeg: 80,
  /** Nearest and farthest eye of a layer that is turned out of the plane. */
  perspectivePx: [50, 100_000],
  scale: 100,
  /** What a layer may be allowed to take for laying it out or painting it, and what it is if nobody says. */
  layerTimeMs: 10_000,
  layerTimeDefaultMs: 100,
  /** 24 hours: the longest keyframe time and delay. */
  animationMs: 86_400_000,
  /** Items of a ticker that wait or run. */
  tickerItems: 200,
  /** Messages of a chat, those counted that are just leaving. */
  chatMessages: 300,
  chatShownMessages: 200,
  chatTextChars: 1000,
  chatAuthorChars: 100,
  chatEmotesPerMessage: 50,
  chatBadgesPerMessage: 8,
  /** How long a message takes to come or to go, in milliseconds. */
  chatMotionMs: 10_000,
  /** A day: how long a message stays at the most. */
  chatTtlMs: 86_400_000,
  /** Laps that a stopwatch keeps. */
  laps: 100,
  /** The latest moment that a document may hold, in milliseconds: 1 January 2200, UTC. */
  momentMs: 7_258_118_400_000,
  /** 10 minutes: of a transition, an entry or an exit, and of what it waits before. */
  transitionMs: 600_000,
  /** Versions that one layer comes from at once: more changes than these, each with a transition that is not over. */
  versionsPerLayer: 4,
  /** Unfinished transitions between scenes that are on air at once. */
  transitionDepth: 2,
  /** Pairs of scenes with a transition of their own. */
  transitionPairs: 1000,
  /** Ten years: what a timer may show when its scene goes on air. */
  timerOffsetMs: 315_360_000_000,
} as const;

/**
 * What a scene may take when it is shown, with all that it shows: scenes in scenes, groups, and the parts of tables,
 * chats and tickers are counted as often as they are shown. Planning a layer that moves takes some 8 µs and one that
 * does not 2.5, so that the most there may be is planned within a frame of 60 a second; drawing may take many frames,
 * which are then late.
 */
export const LOAD_LIMITS = {
  layers: 2000,
  /** Of these, those that are planned anew for every frame. */
  moving: 1000,
  /** Draw items: a frame has 8192, and transitions show two scenes at once. */
  items: 6000,
  /** To draw all of it once at 1920×1080, milliseconds of one core. */
  workMs: 400,
  /** Groups and scenes in each other. */
  depth: 32,
  /** Buffers that are open at once: the kernels have 16, of which transitions and stand-ins take some. */
  buffers: 12,
} as const;

/** What run-time variables and the expressions that use them may hold at the most. */
export const VARIABLE_LIMITS = {
  variables: 500,
  nameChars: 64,
  /** Objects and lists in each other. */
  depth: 8,
  /** Values in one variable, those in its lists and objects counted. */
  valuesPerVariable: 1000,
  /** Length of all of them together as JSON. */
  jsonChars: 262_144,
  bindingsPerLayer: 32,
  expressionChars: 500,
  /** Of all expressions in the bindings and `{{…}}` of one scene, and of one request: to parse one takes some µs a character. */
  expressionCharsPerScene: 32_768,
  /** Steps that one expression may take at the worst; a step takes some 100 ns. */
  expressionSteps: 10_000_000,
  /** The same of all the expressions of one scene together. */
  expressionStepsPerScene: 30_000_000,
  /** Of the expressions of all scenes, with what the variables hold: a change of one may ask all of them. */
  expressionStepsNow: 2_000_000,
  /** Steps that the expression of a strip may take at the worst: there are some two hundred of them at the most. */
  expressionStepsPerStrip: 10_000,
  /** `{{…}}` in one text. */
  placeholdersPerText: 32,
} as const;

/** What templates of scenes may hold at the most. */
export const TEMPLATE_LIMITS = {
  templates: 100,
  parameters: 64,
  /** Length of one template's scene as JSON. */
  jsonChars: 262_144,
  /** Length of the scene that is made of one, as JSON. */
  sceneChars: 2_097_152,
  /** Items of a list that is given as a parameter. */
  listItems: 200,
} as const;
