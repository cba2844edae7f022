import assert from 'node:assert/strict';
import { test } from 'node:test';
import ts from 'typescript';
import { readSourceTree } from './support/source-tree.js';

/** Words of an older vocabulary, as parts of names; the terms are in the glossary of src/README.md. */
const FORMER_WORDS =
  /^#?(lanes?|apart|flights?|board|looks?)$|Lanes?(?![a-z])|^LANE|_LANE|Board(?![a-z])|ApartP|(?<![Ii]n)Flight|Look(?![a-z])|isTold/;

/** A bus is one of sound, and stands where sound is. */
const BUS = /^#?bus(es)?$|Bus(es)?(?![a-z])|^BUS/;
const OF_SOUND = /^(src\/(audio|scene\/sound)\/|.*\/(sound|audio)[^/]*$)/;

/** Kernels work on the lanes of SIMD vectors, which are called so, and take numbers alone. */
const files = readSourceTree(['src', 'workers', 'bench', 'test']).filter(
  ({ path }) => !path.startsWith('workers/kernels/'),
);
const service = files.filter(({ path }) => /^(src|workers)\//.test(path));

const MAX_FUNCTION_LINES = 80;
const MAX_PARAMETERS = 4;

/** Functions that may be longer all the same, each with its reason. */
const LONG: Readonly<Record<string, string>> = {
  'src/output/rtmp-server/session.ts serveSession':
    'replaces methods of one object of a library, which all share what is known of the connection',
};

/** Functions of the service that may take more parameters all the same, each with its reason. */
const POSITIONAL: Readonly<Record<string, string>> = {};

type Found = {
  readonly formerWords: string[];
  readonly packed: string[];
  /** File and name. */
  readonly long: string[];
  readonly positional: string[];
};

function survey(some: typeof files): Found {
  const found: Found = { formerWords: [], packed: [], long: [], positional: [] };
  for (const { path, text } of some) {
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const lineOf = (position: number): number =>
      source.getLineAndCharacterOfPosition(position).line;
    const visit = (node: ts.Node): void => {
      const where = `${path}:${lineOf(node.getStart()) + 1}`;
      if ((ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && FORMER_WORDS.test(node.text))
        found.formerWords.push(`${where} ${node.text}`);
      if (ts.isSpreadAssignment(node) && ts.isObjectLiteralExpression(node.expression))
        found.packed.push(where);
      if (ts.isFunctionLike(node)) {
        const lines = lineOf(node.getEnd()) - lineOf(node.getStart()) + 1;
        if (lines > MAX_FUNCTION_LINES) found.long.push(`${path} ${nameOf(node)}`);
        if (node.parameters.length > MAX_PARAMETERS && !isForeign(node))
          found.positional.push(`${path} ${nameOf(node)}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

/** The function's own name, or that of the constant or the property that it is the value of. */
function nameOf(node: ts.SignatureDeclaration): string {
  const { parent } = node;
  if (node.name !== undefined) return node.name.getText();
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)
    ? parent.name.getText()
    : 'without a name';
}

/** Types of functions that are not ours to choose: of kernels, which take numbers, and of other libraries. */
function isForeign(node: ts.SignatureDeclaration): boolean {
  return ts.isFunctionTypeNode(node) || ts.isMethodSignature(node);
}

test('names use the terms of the glossary', () => {
  assert.deepEqual(survey(service).formerWords, []);
});

test('buses are of sound alone', () => {
  const others = service.filter(({ path }) => !OF_SOUND.test(path));
  const found = others.flatMap(({ path, text }) => {
    const names = new Set<string>();
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) names.add(node.text);
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
    return [...names]
      .filter((name) => BUS.test(name) && !/Sound|Audio/.test(name))
      .map((name) => `${path} ${name}`);
  });
  assert.deepEqual(found, []);
});

test('properties are written out, in tests and benchmarks too', () => {
  assert.deepEqual(survey(files).packed, []);
});

test('functions are short and take at most four parameters, but for those that are named here', () => {
  const { long, positional } = survey(service);
  assert.deepEqual(long.sort(), Object.keys(LONG).sort());
  assert.deepEqual(positional.sort(), Object.keys(POSITIONAL).sort());
});
