// An installation without code, for specs that are about something else.
import type { CodeTurn } from './code-answers.js';

export const NO_CODE = {
  turnOf: (): CodeTurn => 'never',
  answer: async (): Promise<undefined> => undefined,
  document: async (): Promise<undefined> => undefined,
  size: async () => ({ documents: 0, characters: 0 }),
};
