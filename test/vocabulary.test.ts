import assert from 'node:assert/strict';
import { test } from 'node:test';
import ts from 'typescript';
import { readSourceTree } from './support/source-tree.js';

/** Words of an older vocabulary, as parts of names; the terms are in the glossary of src/README.md. */
const FORMER_WORDS =
  /^#?(lanes?|apart|flights?|board|looks?)$|Lanes?(?![a-z])|^LANE|_LANE|Board(?![a-z])|ApartP|(?<![Ii]n)Flight|Look(?![a-z])|isTold/;

/** Kernels work on the lanes of SIMD vectors, which are called so. */
const files = readSourceTree(['src', 'workers']).filter(
  ({ path }) => !path.startsWith('workers/kernels/'),
);

const MAX_FUNCTION_LINES = 80;
const MAX_PARAMETERS = 4;

/** So many there are, most of them tables of operations and functions that build a part; none comes on top. */
const LONG_FUNCTIONS = 30;
const POSITIONAL_FUNCTIONS = 48;

type Found = {
  readonly formerWords: string[];
  readonly packed: string[];
  readonly long: string[];
  readonly positional: string[];
};

function survey(): Found {
  const found: Found = { formerWords: [], packed: [], long: [], positional: [] };
  for (const { path, text } of files) {
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
        if (lines > MAX_FUNCTION_LINES) found.long.push(`${where} ${lines} lines`);
        if (node.parameters.length > MAX_PARAMETERS && !isForeign(node))
          found.positional.push(`${where} ${node.parameters.length} parameters`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

/** Types of functions that are not ours to choose: of kernels, which take numbers, and of other libraries. */
function isForeign(node: ts.SignatureDeclaration): boolean {
  return ts.isFunctionTypeNode(node) || ts.isMethodSignature(node);
}

test('names use the terms of the glossary, and properties are not packed', () => {
  const { formerWords, packed } = survey();
  assert.deepEqual({ formerWords, packed }, { formerWords: [], packed: [] });
});

test('there are no more long functions, and none with more positional parameters, than there were', () => {
  const { long, positional } = survey();
  assert.ok(long.length <= LONG_FUNCTIONS, long.join('\n'));
  assert.ok(positional.length <= POSITIONAL_FUNCTIONS, positional.join('\n'));
});
