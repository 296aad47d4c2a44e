// What a streaming tool tells whoever debugs the client, beside its progress: MCP's log messages, as values.
import { z } from 'zod';

/** Severities of RFC 5424, least first. */
export const LOG_LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const MARK = 'labmesh/log';
const Message = z.object({ level: z.enum(LOG_LEVELS), data: z.unknown(), logger: z.string().optional() });

/** Among what a streaming handler yields, a message for the client's log. It must hold no secret. */
export type LogMessage = { readonly [MARK]: z.output<typeof Message> };

/** @param logger who says it, within the agent; the agent itself when left out */
export const logMessage = (level: LogLevel, data: unknown, logger?: string): LogMessage => ({
  [MARK]: { level, data, ...(logger === undefined ? {} : { logger }) },
});

/** The message in a chunk, or undefined when it is the tool's progress. */
export function logMessageIn(chunk: unknown): z.output<typeof Message> | undefined {
  if (typeof chunk !== 'object' || chunk === null || !(MARK in chunk)) return undefined;
  return Message.safeParse(chunk[MARK]).data;
}
