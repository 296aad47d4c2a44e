// What a client answered to the questions of an earlier run of a call. The client says it, so it is input.
import { z } from 'zod';

/** What came back. The client says it, so it is input: read it with `formAnswer` and the others. */
export interface Answers {
  readonly responses: Readonly<Record<string, unknown>>;
  readonly state?: string | undefined;
}

/** What one repetition gave. The client says it, so nothing about its shape is sure. */
export const AnswersShape = z.object({ responses: z.record(z.string(), z.unknown()), state: z.string().optional() });
