/** The name under which expressions find the sound of a frame; no variable has it. */
export const SOUND_NAME = 'audio';
