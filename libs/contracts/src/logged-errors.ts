// Errors that a process logs of its own accord, told to the mesh: what went wrong within the lab is known there as well as in its logs.
import { z } from 'zod';
import type { EventRef } from './tool.js';

export const LOGGED_ERROR_CHARACTERS = 500;

const LoggedError = z.object({
  text: z
    .string()
    .min(1)
    .max(LOGGED_ERROR_CHARACTERS)
    .describe('What the line said, and the error’s own words; secrets are masked'),
  tool: z.string().max(64).optional().describe('That was running, as the gateway names it'),
  lines: z.int().positive().describe('How many such lines the process has written on that day'),
});
export type LoggedError = z.output<typeof LoggedError>;

/** Published by the process that logged them; the Librarian keeps their kinds. A later one has the larger counts. */
export const errorsLogged = {
  agent: 'mesh',
  name: 'errors_logged',
  payload: z.object({
    service: z.string().min(1).max(60).describe('The process’s name'),
    process: z.string().min(1).max(60).describe('Another for each start'),
    day: z.iso.date().describe('UTC'),
    errors: z.array(LoggedError).min(1).max(50),
  }),
} as const satisfies EventRef;
