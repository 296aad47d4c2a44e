// What the command reads from the environment. No other file here reads it.
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';

/** Where `npm start` serves unless told otherwise. */
export const DEFAULT_URL = 'http://127.0.0.1:3000';

export interface CliConfig {
  /** LABMESH_URL as it was given. */
  readonly url: string | undefined;
  readonly token: string | undefined;
  /** Data folder of a lab on this machine, as LABMESH_HOME gives it. */
  readonly home: string | undefined;
  /** False when NO_COLOR is set (https://no-color.org). */
  readonly colourAllowed: boolean;
  /** True when a graphical session that could show a browser is known. */
  readonly hasDisplay: boolean;
}

const LabUrl = z.url({ protocol: /^https?$/ });

export function readCliConfig(env: NodeJS.ProcessEnv, platform: string = process.platform): CliConfig {
  return Object.freeze({
    url: env.LABMESH_URL || undefined,
    token: env.LABMESH_TOKEN || undefined,
    home: env.LABMESH_HOME || undefined,
    colourAllowed: !env.NO_COLOR && env.TERM !== 'dumb',
    // macOS and Windows have a desktop, unless one came in over ssh.
    hasDisplay:
      Boolean(env.DISPLAY || env.WAYLAND_DISPLAY) || (/^(darwin|win32)$/.test(platform) && !env.SSH_CONNECTION),
  });
}

/**
 * The lab's address from what a person gave: with or without /mcp, with or without a slash at the end.
 * @param from what to name in the message
 * @throws AppError invalid_input
 */
export function labUrl(given: string, from: string): string {
  if (!LabUrl.safeParse(given).success) {
    throw new AppError('invalid_input', `${from} is not the address of a lab: give it as ${DEFAULT_URL}`);
  }
  const { origin, pathname } = new URL(given);
  return `${origin}${pathname}`.replace(/\/+$/, '').replace(/\/mcp$/, '');
}

export const readEnvironment = (): NodeJS.ProcessEnv => process.env;
