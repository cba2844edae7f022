import { z } from 'zod';
import { AppError } from '../../core/errors.js';
import type { PageCall } from '../../ingest/contract.js';
import type { OperationContext } from '../context.js';
import { jsonOperation, NO_BODY, NO_CONTENT, type Operation } from '../operation.js';
import type { PageService } from '../ports.js';
import { ID_PARAMS } from './deps.js';
import { findInput } from './inputs.js';

/** @throws AppError SM_INPUT_UNKNOWN, SM_INPUT_KIND, SM_INPUT_NOT_LIVE */
async function callPage(
  { state }: OperationContext,
  pages: PageService,
  id: string,
  call: PageCall,
): Promise<void> {
  const input = findInput(state.inputs, id);
  if (input.content.kind !== 'web')
    throw new AppError(
      'SM_INPUT_KIND',
      `The input ${id} is of kind ${input.content.kind}. Only inputs of kind web have a page.`,
    );
  if (await pages.call(id, call)) return;
  throw new AppError(
    'SM_INPUT_NOT_LIVE',
    `The page of the input ${id} is not loaded. Its status says why; pages are loaded while a scene on air or in preview shows them, or with isKeptOpen.`,
  );
}

/** Operations on the pages of live inputs. */
export function createPageCallOperations(pages: PageService): readonly Operation[] {
  return [
    jsonOperation({
      name: 'inputs.message',
      summary: 'Send a message to the scripts of a web page',
      description:
        'The page receives it with `window.postMessage`, as the `data` of a `message` event. A page sends messages with `window.streamManager.send(value)`, which are published as events `input.message`.',
      tag: 'inputs',
      method: 'POST',
      path: '/api/inputs/{id}/message',
      status: 204,
      params: ID_PARAMS,
      body: z.strictObject({ message: z.json() }).meta({ id: 'PageMessage' }),
      output: NO_CONTENT,
      errors: ['SM_INPUT_UNKNOWN', 'SM_INPUT_KIND', 'SM_INPUT_NOT_LIVE'],
      example: { message: { type: 'goal', team: 'home' } },
      handle: async (context, { id }, { message }) => {
        await callPage(context, pages, id, { kind: 'message', message });
        return null;
      },
    }),
    jsonOperation({
      name: 'inputs.reload',
      summary: 'Load a web page anew',
      description: 'Its last picture is shown until it has been loaded.',
      tag: 'inputs',
      method: 'POST',
      path: '/api/inputs/{id}/reload',
      status: 204,
      params: ID_PARAMS,
      body: NO_BODY,
      output: NO_CONTENT,
      errors: ['SM_INPUT_UNKNOWN', 'SM_INPUT_KIND', 'SM_INPUT_NOT_LIVE'],
      example: {},
      handle: async (context, { id }) => {
        await callPage(context, pages, id, { kind: 'reload' });
        return null;
      },
    }),
  ];
}
