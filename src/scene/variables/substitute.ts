import { createSubstitution } from './substitution.js';

/**
 * Puts variables into scenes, with one memory for the whole thread: what is remembered hangs on the scenes and layers
 * themselves, which never change, so that the result is the same as when it is computed anew.
 */
export const substitute = createSubstitution();
