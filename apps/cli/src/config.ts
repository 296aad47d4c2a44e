// What the command reads from the environment. No other file here reads it.
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { AppError, CREDENTIAL_CHAR } from '@labmesh/contracts';

/** Where `npm start` serves unless told otherwise. */
export const DEFAULT_URL = 'http://127.0.0.1:3000';

export interface CliConfig {
  /** LABMESH_URL as it was given. */
  readonly url: string | undefined;
  readonly token: string | undefined;
  /** LABMESH_TOKEN_FILE: a file that holds the token alone. */
  readonly tokenFile: string | undefined;
  /** LABMESH_PROFILE: which lab of the settings file is meant. */
  readonly profile: string | undefined;
  /** LABMESH_CONFIG: another file of settings. */
  readonly configFile: string | undefined;
  /** LABMESH_OUTPUT, as it was given. */
  readonly output: string | undefined;
  /** The pager's command line; empty for none. */
  readonly pager: string | undefined;
  readonly places: Places;
  /** Data folder of a lab on this machine, as LABMESH_HOME gives it. */
  readonly home: string | undefined;
  /** Addresses of the servers of a mesh, where they are set as its processes read them. */
  readonly servers: ServerAddresses;
  /** Never shown, and never taken from the command line. */
  readonly secrets: Secrets;
  /** False when NO_COLOR is set (https://no-color.org). */
  readonly colourAllowed: boolean;
  /** True when a graphical session that could show a browser is known. */
  readonly hasDisplay: boolean;
}

/** Folders of this person, as the XDG Base Directory Specification has them. */
export interface Places {
  readonly config: string;
  readonly state: string;
  readonly cache: string;
}

export interface Secrets {
  readonly backupPassphrase: string | undefined;
  /** As the Sentinel reads them. */
  readonly masterKey: string | undefined;
  readonly masterKeyNext: string | undefined;
}

export interface ServerAddresses {
  readonly natsUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly blobsUrl: string | undefined;
  readonly publicUrl: string | undefined;
}

export function readCliConfig(env: NodeJS.ProcessEnv, platform: string = process.platform): CliConfig {
  return Object.freeze({
    url: env.LABMESH_URL || undefined,
    token: env.LABMESH_TOKEN || undefined,
    tokenFile: env.LABMESH_TOKEN_FILE || undefined,
    profile: env.LABMESH_PROFILE || undefined,
    configFile: env.LABMESH_CONFIG || undefined,
    output: env.LABMESH_OUTPUT || undefined,
    pager: env.PAGER,
    places: placesOf(env),
    home: env.LABMESH_HOME || undefined,
    servers: {
      natsUrl: env.NATS_URL || undefined,
      databaseUrl: env.DATABASE_URL || undefined,
      redisUrl: env.REDIS_URL || undefined,
      blobsUrl: env.BLOBS_URL || undefined,
      publicUrl: env.LABMESH_PUBLIC_URL || undefined,
    },
    secrets: {
      backupPassphrase: env.LABMESH_BACKUP_PASSPHRASE || undefined,
      masterKey: env.LABMESH_MASTER_KEY || undefined,
      masterKeyNext: env.LABMESH_MASTER_KEY_NEXT || undefined,
    },
    colourAllowed: !env.NO_COLOR && env.TERM !== 'dumb',
    // macOS and Windows have a desktop, unless one came in over ssh.
    hasDisplay:
      Boolean(env.DISPLAY || env.WAYLAND_DISPLAY) || (/^(darwin|win32)$/.test(platform) && !env.SSH_CONNECTION),
  });
}

/** A path that is not absolute is none, as the specification has it. */
function placesOf(env: NodeJS.ProcessEnv): Places {
  const home = env.HOME || env.USERPROFILE || homedir();
  const place = (given: string | undefined, fallback: string): string =>
    join(given !== undefined && isAbsolute(given) ? given : join(home, fallback), 'labmesh');
  return {
    config: place(env.XDG_CONFIG_HOME, '.config'),
    state: place(env.XDG_STATE_HOME, '.local/state'),
    cache: place(env.XDG_CACHE_HOME, '.cache'),
  };
}

/**
 * The lab's address from what a person gave: with or without /mcp, with or without a slash at the end.
 * @param from what to name in the message
 * @throws AppError invalid_input
 */
export function labUrl(given: string, from: string): string {
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given)) {
    throw new AppError('invalid_input', `${from} is not the address of a lab: give it as ${DEFAULT_URL}`);
  }
  const { origin, pathname } = new URL(given);
  return `${origin}${pathname}`.replace(/\/+$/, '').replace(/\/mcp$/, '');
}

const TOKEN_CHAR = new RegExp(`^${CREDENTIAL_CHAR}$`);
const UNSEEN: Readonly<Record<string, string>> = {
  ' ': 'a space',
  '\n': 'a line break',
  '\r': 'a line break',
  '\t': 'a tab',
};

/**
 * The token, when it has the characters of one: no header carries others.
 * @param from what to name in the message, which never holds the token
 * @throws AppError unauthenticated that names the first character which no token has
 */
export function sendableToken(token: string, from: string): string {
  const chars = [...token];
  const at = chars.findIndex((char) => !TOKEN_CHAR.test(char));
  const wrong = chars[at];
  if (wrong === undefined) return token;
  const number = `U+${wrong.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
  const shown = UNSEEN[wrong] ?? (/^[\p{L}\p{P}\p{S}]$/u.test(wrong) ? wrong : 'unseen');
  throw new AppError(
    'unauthenticated',
    `${from} holds no token: character ${at + 1} of it is ${shown} (${number}), which no token has. Copy the token once more, without anything around it.`,
  );
}

export const readEnvironment = (): NodeJS.ProcessEnv => process.env;
