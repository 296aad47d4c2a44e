// What happens when a model finds a call unusual. Data: part of the policy.
import { z } from 'zod';
/** From what only leaves a trace to what stops the principal. */
export const ANOMALY_RESPONSES = ['record', 'alert', 'fresh_token', 'throttle', 'block'] as const;
export type AnomalyResponse = (typeof ANOMALY_RESPONSES)[number];
export const AnomalyPolicy = z.object({
  shadow: z.boolean().default(true).describe('Only say what would have been done'),
  content: z.enum(ANOMALY_RESPONSES).default('record').describe('When the text of a call is unusual'),
  behaviour: z.enum(ANOMALY_RESPONSES).default('alert').describe('When what a wallet does is unusual'),
  forMinutes: z
    .number()
    .int()
    .min(1)
    .max(1_440)
    .default(60)
    .describe('How long a throttle or block lasts, unless it is resolved before'),
});
export type AnomalyPolicy = z.infer<typeof AnomalyPolicy>;
