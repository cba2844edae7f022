import type { MachineReport } from './machine.js';

/** What the figures are given in. */
export type Unit =
  | 'fps'
  | 'ratio'
  | 'ms'
  | 'us'
  | 'cores'
  | 'MB'
  | 'slots'
  | 'layers'
  | 'pictures'
  | 'dB'
  | '1/s'
  | 'MB/s';

/** What a figure has to reach. */
export type Target = { readonly atLeast: number } | { readonly atMost: number };

/** One line of the table. `ok` is null where there is no target. */
export type Result = {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  readonly target: string | null;
  readonly ok: boolean | null;
};

/** What `--json` writes. */
export type ReportDocument = MachineReport & { readonly results: readonly Result[] };

/** One figure with its verdict. The value is kept to four significant digits: more would be noise. */
export function toResult(name: string, value: number, unit: Unit, target: Target | null): Result {
  const rounded = Number(value.toPrecision(4));
  if (target === null) return { name, value: rounded, unit, target: null, ok: null };
  return 'atLeast' in target
    ? { name, value: rounded, unit, target: `>= ${target.atLeast}`, ok: value >= target.atLeast }
    : { name, value: rounded, unit, target: `<= ${target.atMost}`, ok: value <= target.atMost };
}

function verdict(ok: boolean | null): string {
  if (ok === null) return '';
  return ok ? 'ok' : 'MISSED';
}

/** All figures as one table for people, the columns aligned. */
export function formatTable(results: readonly Result[]): string {
  const rows = [
    ['name', 'value', 'unit', 'target', ''],
    ...results.map(({ name, value, unit, target, ok }) => [
      name,
      String(value),
      unit,
      target ?? '',
      verdict(ok),
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 1 ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
  const rule = '-'.repeat(Math.max(...lines.map((line) => line.length)));
  return [lines[0] ?? '', rule, ...lines.slice(1)].join('\n');
}
