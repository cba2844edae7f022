import fc from 'fast-check';

/** When the program of these tests starts, and a little before and after: what comes then is seen coming. */
const START_MS = Date.parse('2024-05-01T11:59:59Z');
const moments = fc.integer({ min: START_MS - 1500, max: START_MS + 1500 });
const removals = fc.option(moments, { nil: null });

const texts = fc.constantFrom('hello', 'Pog', 'a longer one Pog with words', 'مرحبا', '🎉 ok');
const assets = fc.constantFrom('opaque', 'film', 'missing');

const messages = fc
  .array(
    fc.record({
      author: fc.constantFrom('Mira', 'Jonas', ''),
      text: texts,
      emotes: fc.array(fc.record({ token: fc.constant('Pog'), asset: assets }), { maxLength: 1 }),
      badges: fc.array(assets, { maxLength: 1 }),
      atMs: moments,
      removedAtMs: removals,
    }),
    { maxLength: 6 },
  )
  // Ids come again, as they do when a message is sent anew.
  .map((list) => list.map((message, i) => ({ ...message, id: `m${i % 4}` })));

const items = fc.array(
  fc.record({
    text: texts,
    color: fc.constantFrom(null, '#ff8040'),
    image: fc.option(assets, { nil: null }),
    atMs: fc.option(moments, { nil: null }),
    removedAtMs: removals,
  }),
  { maxLength: 5 },
);

/** Layers that show what came in by operations, without their ids and the fields that all have. */
export function feedLayers(extents: fc.Arbitrary<number>): fc.Arbitrary<Record<string, unknown>>[] {
  const size = { width: extents, height: extents, fontSize: fc.constantFrom(9, 14, 22.5) };
  return [
    fc.record({
      type: fc.constant('chat'),
      messages,
      ...size,
      order: fc.constantFrom('bottom-up', 'top-down'),
      box: fc.constantFrom(null, { color: '#00408080', padding: 3, cornerRadius: 4 }),
      ttlMs: fc.constantFrom(null, 700),
      messageEnter: fc.record({ type: fc.constantFrom('slide', 'fade', 'none') }),
      messageExit: fc.record({ type: fc.constantFrom('slide', 'fade', 'none') }),
    }),
    fc.record({
      type: fc.constant('ticker'),
      items,
      ...size,
      direction: fc.constantFrom('left', 'right', 'up', 'down'),
      loop: fc.boolean(),
      separator: fc.constantFrom('', '•'),
      speed: fc.constantFrom(60, 125, -33.3, 0),
      gap: fc.constantFrom(0, 7, 30),
    }),
    fc.record({
      type: fc.constant('stopwatch'),
      startedAtMs: fc.option(moments, { nil: null }),
      countdownFromMs: fc.constantFrom(null, 1000),
      finishedText: fc.constantFrom(null, 'over'),
      fontSize: size.fontSize,
    }),
  ];
}
