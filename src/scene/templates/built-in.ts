import { AUCTION_TEMPLATE } from './built-in/auction.js';
import { JUST_CHATTING_TEMPLATE } from './built-in/just-chatting.js';
import { SCOREBOARD_TEMPLATE } from './built-in/scoreboard.js';
import { type Template, TemplateSchema } from './template.js';

/** The templates that come with the service. They cannot be changed; a copy under another id can. */
export const BUILT_IN_TEMPLATES: readonly Template[] = [
  AUCTION_TEMPLATE,
  SCOREBOARD_TEMPLATE,
  JUST_CHATTING_TEMPLATE,
].map((template) => TemplateSchema.parse(template));
