import { createSubstitution } from './substitution.js';

/**
 * Puts variables into scenes, with one memory for the whole thread: what is remembered hangs on the scenes and layers
 * themselves, which never change, so that it cannot be told from working it out anew but by how long it takes.
 */
export const substitute = createSubstitution();
