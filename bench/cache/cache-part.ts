import { registerShippedFonts } from '../../src/render/canvas.js';
import type { SceneInput } from '../../src/scene/schema/scene.js';
import { LocalProgram } from '../micro/local-program.js';
import type { BenchContext, Part } from '../part.js';
import { toSnapshot } from '../reference-scene.js';
import { effectsHeavyScene } from '../scenes/effects-heavy.js';
import { layoutHeavyScene } from '../scenes/layout-heavy.js';
import { textHeavyScene } from '../scenes/text-heavy.js';

/** Parts of the heavy scenes that show no pictures, so that nothing but what is measured is done anew. */
const SCENES: Readonly<Record<'blurs' | 'shadows' | 'texts' | 'layouts', SceneInput>> = {
  blurs: only('light-'),
  shadows: only('card-'),
  texts: textHeavyScene(0),
  layouts: layoutHeavyScene(0),
};

function only(prefix: string): SceneInput {
  const scene = effectsHeavyScene();
  return { ...scene, layers: scene.layers?.filter(({ id }) => id.startsWith(prefix)) };
}

/** Processor time of one frame, milliseconds: deciding it, lay-outs included, and painting and drawing it. */
type Cost = { readonly planMs: number; readonly drawMs: number };

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Whole frames one after the other, for as long as asked; `before` is done ahead of each and does not count. */
function costOf(program: LocalProgram, seconds: number, before: () => void): Cost {
  let [planMs, drawMs, frames] = [0, 0, 0];
  for (const endMs = performance.now() + seconds * 1000; performance.now() < endMs; frames++) {
    before();
    const startMs = cpuMs();
    const frame = program.plan(1);
    const plannedMs = cpuMs();
    program.draw(frame);
    drawMs += cpuMs() - plannedMs;
    planMs += plannedMs - startMs;
    program.release(frame);
  }
  return { planMs: planMs / frames, drawMs: drawMs / frames };
}

/** What is gained by keeping what was painted and laid out: the same frames with all that kept, and with all made anew. */
export const cachePart: Part = {
  name: 'cache',
  summary: 'what keeping blurs, shadows, texts and layouts from frame to frame saves',
  async run(context: BenchContext): Promise<void> {
    registerShippedFonts();
    const seconds = context.seconds ?? (context.quick ? 0.1 : 2);
    for (const [name, scene] of Object.entries(SCENES)) {
      const program = new LocalProgram();
      await program.show(toSnapshot(scene, context.folder));
      const kept = costOf(program, seconds, () => {
        program.invalidate();
      });
      const anew = costOf(program, seconds, () => {
        program.forget();
      });
      const record = (what: string, keptMs: number, anewMs: number): void => {
        context.record(`${name}.${what}_kept`, keptMs, 'ms');
        context.record(`${name}.${what}_anew`, anewMs, 'ms');
        context.record(`${name}.${what}_gain`, anewMs / keptMs, 'ratio');
      };
      if (name === 'texts' || name === 'layouts') record('layout', kept.planMs, anew.planMs);
      if (name !== 'layouts') record('paint', kept.drawMs, anew.drawMs);
    }
  },
};
