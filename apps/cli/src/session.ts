// What every command shares: its connection, its output, and the options that choose them.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import { type CliConfig, DEFAULT_URL, labUrl, sendableToken } from './config.js';
import type { Host } from './host.js';
import type { Lab, LabOptions } from './lab/lab.js';
import { addressIn } from './lab/lab-address.js';
import { type FoundToken, findOperatorToken, INSTALL_ROOT } from './lab/operator-token.js';
import { LAYOUTS, type Layout, Output } from './output/output.js';
import { type FoundSettings, type LabSettings, profileOf, readSettings } from './settings/settings.js';

/** What a command works with. */
export interface Work {
  readonly lab: Lab;
  readonly output: Output;
  readonly url: string;
  readonly host: Host;
}

/** What a command that needs no lab works with. */
export type OfflineWork = Pick<Work, 'output' | 'host'>;

interface ConnectionOptions {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly profile?: string;
  /** Of commands that name a lab by its folder. */
  readonly home?: string;
  readonly config?: string;
  readonly json?: boolean | string;
  readonly quiet?: boolean;
}

/** Which lab a command line means, and who asks. */
export interface Connection {
  readonly url: string;
  /** Undefined where nobody is signed in. */
  readonly credential: FoundToken | undefined;
  /** The folder that names the lab, where no lab has said that it runs; the address is the usual one then. */
  readonly silentHome: string | undefined;
}

export class Session {
  /** What the command ends with when it was done; a failure has its own. */
  exitCode = 0;
  #settings: Promise<FoundSettings> | undefined;
  /** Errors are told as the answer would have been: known once the settings are read. */
  #layout: Layout | undefined;

  constructor(private readonly options: { host: Host; config: CliConfig; version: string }) {}

  get host(): Host {
    return this.options.host;
  }

  get config(): CliConfig {
    return this.options.config;
  }

  get version(): string {
    return this.options.version;
  }

  /** Is JSON settled as the form of answers, without a flag? */
  get jsonSettled(): boolean {
    return (this.#layout ?? this.options.config.output) === 'json';
  }

  /** Does the work with the lab that the command's options name, and leaves, whatever happens. */
  async run(
    command: Command,
    work: (at: Work) => Promise<void>,
    listing: Pick<LabOptions, 'toolsets'> = {},
  ): Promise<void> {
    const { host, version, config } = this.options;
    const output = await this.#output(command);
    const { url, credential, silentHome } = await this.connection(command);
    const { Lab } = await import('./lab/lab.js');
    const at = { url, credential, silentHome, version, cache: config.places.cache, signal: host.signal };
    const lab = new Lab({ ...at, ...listing });
    try {
      await work({ lab, output, url, host });
    } finally {
      await lab.close();
    }
  }

  /** The lab that the options, the environment or the settings name. */
  async target(command: Command): Promise<Pick<Connection, 'url'>> {
    const given = command.optsWithGlobals<ConnectionOptions>();
    return { url: (await this.#where(given, await this.#labSettings(given))).url };
  }

  /** That lab, and the token for it. */
  async connection(command: Command): Promise<Connection> {
    const given = command.optsWithGlobals<ConnectionOptions>();
    const lab = await this.#labSettings(given);
    const where = await this.#where(given, lab);
    return { ...where, credential: await this.#credential(where.url, given, lab) };
  }

  /**
   * A one-time link to the page of the lab at `url`, as `shownUrl`; undefined where none can be made, as nobody is signed in here.
   * Never fails: whoever started a lab has started it, link or not.
   */
  async signInLink(url: string, shownUrl: string): Promise<string | undefined> {
    const { host, version, config } = this.options;
    try {
      const credential = await this.#credential(url, {}, {});
      if (credential === undefined) return undefined;
      const { signInCode } = await import('./lab/sign-in-code.js');
      const code = await signInCode({ url, version, credential, cache: config.places.cache, signal: host.signal });
      return `${shownUrl}/#code=${encodeURIComponent(code)}`;
    } catch {
      return undefined;
    }
  }

  /** Does work that needs no lab. */
  async offline(command: Command, work: (at: OfflineWork) => Promise<void>): Promise<void> {
    await work({ output: await this.#output(command), host: this.options.host });
  }

  /** The settings file that the command's options name. */
  settings(command: Command): Promise<FoundSettings> {
    return this.#read(command.optsWithGlobals<ConnectionOptions>());
  }

  #read({ config: given }: ConnectionOptions): Promise<FoundSettings> {
    const { host, config } = this.options;
    const named = given === undefined ? undefined : resolve(host.cwd, given);
    this.#settings ??= readSettings({ given: named, config });
    return this.#settings;
  }

  async #labSettings(given: ConnectionOptions): Promise<LabSettings> {
    return profileOf(await this.#read(given), given.profile ?? this.options.config.profile);
  }

  async #where(given: ConnectionOptions, lab: LabSettings): Promise<Pick<Connection, 'url' | 'silentHome'>> {
    const { config, host } = this.options;
    // What a flag names is meant more than what the environment has.
    const ofFlags = flaggedUrl(given, lab);
    const ofFolder = ofFlags === undefined && given.home !== undefined;
    const home = given.home ?? config.home;
    const told = home === undefined || ofFlags !== undefined ? undefined : await addressIn(resolve(host.cwd, home));
    if (ofFolder && told !== undefined) return { url: told, silentHome: undefined };
    const settled =
      ofFlags ??
      (config.url === undefined ? undefined : labUrl(config.url, 'LABMESH_URL')) ??
      (lab.url === undefined ? undefined : labUrl(lab.url, 'the setting url'));
    if (settled !== undefined) return { url: settled, silentHome: undefined };
    return { url: told ?? DEFAULT_URL, silentHome: told === undefined ? home : undefined };
  }

  async #output(command: Command): Promise<Output> {
    const { host, config } = this.options;
    const given = command.optsWithGlobals<ConnectionOptions>();
    const { settings } = await this.#read(given);
    const layout =
      given.json !== undefined && given.json !== false
        ? 'json'
        : (layoutOf(config.output) ?? settings.output ?? 'auto');
    this.#layout = layout;
    const pager = config.pager ?? settings.pager;
    return new Output({
      stdout: host.stdout,
      stderr: host.stderr,
      layout,
      quiet: given.quiet === true,
      colourAllowed: config.colourAllowed && settings.colour !== 'never' && !saysNo(command, 'color'),
      page:
        host.page === undefined || saysNo(command, 'pager') ? undefined : (text) => host.page?.(text, pager) === true,
    });
  }

  async #credential(url: string, given: ConnectionOptions, lab: LabSettings): Promise<FoundToken | undefined> {
    const found = await this.#found(url, given, lab);
    return found && { ...found, token: sendableToken(found.token, found.source) };
  }

  async #found(url: string, { tokenFile, home }: ConnectionOptions, lab: LabSettings): Promise<FoundToken | undefined> {
    const { host, config } = this.options;
    if (tokenFile !== undefined) return tokenIn(resolve(host.cwd, tokenFile), '--token-file');
    if (home !== undefined) {
      const search = { url, cwd: host.cwd, home, installRoot: INSTALL_ROOT };
      const ofFolder = await findOperatorToken(search);
      if (ofFolder !== undefined) return ofFolder;
    }
    if (config.token !== undefined) return { token: config.token, source: 'LABMESH_TOKEN' };
    if (config.tokenFile !== undefined) return tokenIn(resolve(host.cwd, config.tokenFile), 'LABMESH_TOKEN_FILE');
    // A token of the settings is for the lab of the settings.
    const ownLab = lab.url === undefined ? DEFAULT_URL : labUrl(lab.url, 'the setting url');
    if (lab.tokenFile !== undefined && ownLab === url) return tokenIn(lab.tokenFile, 'the setting tokenFile');
    const { signedIn } = await import('./sign-in/signed-in.js');
    return (
      (await signedIn({ url, state: config.places.state, signal: host.signal })) ??
      (await findOperatorToken({ url, cwd: host.cwd, home: config.home, installRoot: INSTALL_ROOT }))
    );
  }
}

function flaggedUrl({ url, profile }: ConnectionOptions, lab: LabSettings): string | undefined {
  if (url !== undefined) return labUrl(url, '--url');
  return profile === undefined || lab.url === undefined ? undefined : labUrl(lab.url, `profile ${profile}`);
}

async function tokenIn(file: string, from: string): Promise<FoundToken> {
  try {
    return { token: (await readFile(file, 'utf8')).trim(), source: `${from} ${file}` };
  } catch (cause) {
    throw new AppError('invalid_input', `Cannot read ${from} ${file}: ${(cause as Error).message}`, { cause });
  }
}

/** @throws AppError invalid_input */
function layoutOf(given: string | undefined): Layout | undefined {
  if (given === undefined) return undefined;
  const layout = LAYOUTS.find((one) => one === given);
  if (layout !== undefined) return layout;
  throw new AppError('invalid_input', `LABMESH_OUTPUT is "${given}", and must be one of ${LAYOUTS.join(', ')}`);
}

/** `--no-…` of the command or of one above it: the default of the one would hide the word of the other. */
function saysNo(command: Command, option: string): boolean {
  for (let at: Command | null = command; at !== null; at = at.parent)
    if (at.getOptionValue(option) === false) return true;
  return false;
}

/** Under its own heading, after what is the command's. */
const everywhere = (option: Option): Option => option.helpGroup('Options of every command:');

const jsonOption = (): Option =>
  everywhere(new Option('--json', 'one JSON document on standard output, errors as one JSON line'));

/** Of every command, whatever it does; `json` where it means more than the form of the answer. */
export function addJsonOption(command: Command, json: Option = jsonOption()): Command {
  return command
    .addOption(json)
    .addOption(everywhere(new Option('-q, --quiet', 'nothing but the answer, and what went wrong')))
    .addOption(everywhere(new Option('--no-color', 'plain text')))
    .addOption(everywhere(new Option('--no-pager', 'never through a pager')))
    .addOption(everywhere(new Option('--config <file>', 'settings from this file')));
}

/** Also of the whole program, so that they may stand before or after a command's name. */
export function addConnectionOptions(command: Command, { json }: { json?: Option } = {}): Command {
  command
    .addOption(everywhere(new Option('--url <address>', 'the lab’s address')))
    .addOption(everywhere(new Option('--profile <name>', 'the lab that the settings have under this name')))
    .addOption(everywhere(new Option('--token-file <file>', 'who you are: a file that holds the token alone')))
    .addOption(new Option('--token <token>').hideHelp().argParser(refuseToken));
  return addJsonOption(command, json);
}

/** The value is not looked at: it is in the shell's history already. */
function refuseToken(): never {
  throw new AppError(
    'invalid_input',
    'A token does not go into a flag: everybody on this machine sees those, and the shell keeps them. Put it in a file only you can read and give --token-file, or set LABMESH_TOKEN, or sign in once: npx @labmesh/cli login. Withdraw the one you typed: `npx @labmesh/cli token list`, then `npx @labmesh/cli token revoke`.',
  );
}
