import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AppError, ERROR_CODES } from '../../core/errors.js';
import type { RawOperation } from '../operation.js';
import { pageOperation } from './page-operation.js';
import { PREVIEW_PAGE, PREVIEW_SCRIPT } from './preview-page.js';

const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Stream Manager API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/docs.js"></script>
</body>
</html>
`;

const DOCS_SCRIPT = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#docs', validatorUrl: null, tryItOutEnabled: true });
`;

function createErrorsPage(): string {
  const rows = ERROR_CODES.map((code) => {
    const { status, title } = new AppError(code, '');
    return `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td></tr>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Stream Manager error codes</title>
<link rel="icon" href="data:,">
<style>body{font:16px system-ui;margin:2rem auto;max-width:56rem}td{padding:.3rem 1rem .3rem 0}tr:target{background:#ffe9a8}</style>
</head>
<body>
<h1>Error codes</h1>
<p>Every error response contains one of these codes in the field <code>code</code>. Codes are never renamed. <a href="/docs">API documentation</a></p>
<table>${rows.join('\n')}</table>
</body>
</html>
`;
}

/** Where the files of swagger-ui lie. */
function swaggerFile(name: string): () => Promise<Uint8Array> {
  return () => {
    const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
    return readFile(join(folder, name));
  };
}

/** The pages for people: the live preview at `/`, the operations to try, the error codes; and the contract itself. */
export function createPageOperations(openApiText: () => string): RawOperation[] {
  return [
    pageOperation({ path: '/', mediaType: HTML, read: () => PREVIEW_PAGE }),
    pageOperation({ path: '/docs/preview.js', mediaType: SCRIPT, read: () => PREVIEW_SCRIPT }),
    pageOperation({ path: '/docs', mediaType: HTML, read: () => DOCS_PAGE }),
    pageOperation({ path: '/docs/docs.js', mediaType: SCRIPT, read: () => DOCS_SCRIPT }),
    pageOperation({ path: '/docs/errors', mediaType: HTML, read: createErrorsPage }),
    pageOperation({
      path: '/docs/swagger-ui.css',
      mediaType: STYLE,
      read: swaggerFile('swagger-ui.css'),
    }),
    pageOperation({
      path: '/docs/swagger-ui-bundle.js',
      mediaType: SCRIPT,
      read: swaggerFile('swagger-ui-bundle.js'),
    }),
    pageOperation({
      path: '/api/openapi.json',
      mediaType: 'application/json',
      read: openApiText,
    }),
  ];
}
