import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { PACKAGE_ROOT } from '../../src/core/paths.js';

/** An import, re-export, dynamic import or require in a source file. */
export type ImportEdge = {
  /** As written, or for a file of the tree its path from the root. */
  readonly target: string;
  readonly isLocal: boolean;
  /** Whether nothing of it is left when the types are taken away. */
  readonly isTypeOnly: boolean;
};

export type SourceFile = {
  /** From the root of the package, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly ImportEdge[];
  /** Whether there is nothing in it but imports and re-exports. */
  readonly isBarrel: boolean;
};

/** Kernels are AssemblyScript, which leaves the ending away. */
function toEdge(fromPath: string, specifier: string, isTypeOnly: boolean): ImportEdge {
  const isLocal = specifier.startsWith('.');
  const target = isLocal
    ? normalize(join(dirname(fromPath), specifier)).replace(/(\.js)?$/, '.ts')
    : specifier;
  return { target, isLocal, isTypeOnly };
}

function isTypeOnlyStatement(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  return ts.isImportDeclaration(node)
    ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    : node.isTypeOnly;
}

/** Module names that a call such as `import('x')`, `require('x')` or `createRequire(...)('x')` loads. */
function loadedByCall(node: ts.Node): string | null {
  if (!ts.isCallExpression(node)) return null;
  const [argument] = node.arguments;
  if (argument === undefined || !ts.isStringLiteral(argument)) return null;
  const isLoad =
    node.expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(node.expression) && /require/i.test(node.expression.text));
  return isLoad ? argument.text : null;
}

function readImports(path: string, source: ts.SourceFile): ImportEdge[] {
  const edges: ImportEdge[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier !== undefined &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      edges.push(toEdge(path, node.moduleSpecifier.text, isTypeOnlyStatement(node)));
    }
    const loaded = loadedByCall(node);
    if (loaded !== null) edges.push(toEdge(path, loaded, false));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return edges;
}

/** Every TypeScript file below these folders of the package. */
export function readSourceTree(folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => {
        const path = `${folder}/${name}`;
        const text = readFileSync(join(PACKAGE_ROOT, path), 'utf8');
        const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
        return {
          path,
          text,
          lines: text.trimEnd().split('\n').length,
          imports: readImports(path, source),
          isBarrel:
            source.statements.length > 0 &&
            source.statements.every(
              (statement) => ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement),
            ),
        };
      }),
  );
}
