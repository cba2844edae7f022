import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD_ROOT } from '../../core/paths.js';
import { schemaFacts } from './facts.js';

/** What is shorter is written where it stands, characters. */
const SHARED_CHARS = 60;

/** Build step: writes what the threads of the media plane need of the schemas as a module of plain data. */
writeFileSync(join(BUILD_ROOT, 'src', 'scene', 'schema-facts.js'), moduleOf(schemaFacts()));

/** A module that exports a value. Kinds of layers have most fields in common, so equal parts are written once. */
function moduleOf(facts: object): string {
  const names = new Map<string, string>();
  const codeOf = (value: unknown): string => {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const code = Array.isArray(value)
      ? `[${value.map(codeOf).join()}]`
      : `{${Object.entries(value)
          .map(([key, part]) => `${JSON.stringify(key)}:${codeOf(part)}`)
          .join()}}`;
    if (code.length < SHARED_CHARS) return code;
    const name = names.get(code) ?? `part${names.size}`;
    names.set(code, name);
    return name;
  };
  const whole = codeOf(facts);
  const parts = [...names].map(([code, name]) => `const ${name} = ${code};\n`);
  return `${parts.join('')}export const SCHEMA_FACTS = ${whole};\n`;
}
