// What every command shares: its connection, its output, and the options that choose them.
import { type Command, Option } from 'commander';
import { type CliConfig, DEFAULT_URL, labUrl, sendableToken } from './config.js';
import type { Host } from './host.js';
import type { Lab, LabOptions } from './lab/lab.js';
import { type FoundToken, findOperatorToken, INSTALL_ROOT } from './lab/operator-token.js';
import { Output } from './output/output.js';

/** What a command works with. */
export interface Work {
  readonly lab: Lab;
  readonly output: Output;
  readonly url: string;
  readonly host: Host;
}

interface ConnectionOptions {
  readonly url?: string;
  readonly token?: string;
  readonly json?: boolean | string;
}

export class Session {
  constructor(private readonly options: { host: Host; config: CliConfig; version: string }) {}

  get config(): CliConfig {
    return this.options.config;
  }

  /** Does the work with the lab that the command's options name, and leaves, whatever happens. */
  async run(
    command: Command,
    work: (at: Work) => Promise<void>,
    listing: Pick<LabOptions, 'toolsets'> = {},
  ): Promise<void> {
    const { host, config, version } = this.options;
    const given = command.optsWithGlobals<ConnectionOptions>();
    const output = this.#output(given);
    const url = given.url === undefined ? labUrl(config.url ?? DEFAULT_URL, 'LABMESH_URL') : labUrl(given.url, '--url');
    const credential = await this.#credential(url, given.token);
    const { Lab } = await import('./lab/lab.js');
    const lab = new Lab({ url, version, credential, signal: host.signal, ...listing });
    try {
      await work({ lab, output, url, host });
    } finally {
      await lab.close();
    }
  }

  /**
   * A one-time link to the page of the lab at `url`, as `shownUrl`; undefined where none can be made, as nobody is signed in here.
   * Never fails: whoever started a lab has started it, link or not.
   */
  async signInLink(url: string, shownUrl: string): Promise<string | undefined> {
    const { host, version } = this.options;
    try {
      const credential = await this.#credential(url, undefined);
      if (credential === undefined) return undefined;
      const { signInCode } = await import('./lab/sign-in-code.js');
      const code = await signInCode({ url, version, credential, signal: host.signal });
      return `${shownUrl}/#code=${encodeURIComponent(code)}`;
    } catch {
      return undefined;
    }
  }

  /** Does work that needs no lab. */
  async offline(command: Command, work: (at: Pick<Work, 'output' | 'host'>) => Promise<void>): Promise<void> {
    await work({ output: this.#output(command.optsWithGlobals<ConnectionOptions>()), host: this.options.host });
  }

  #output({ json }: ConnectionOptions): Output {
    const { host, config } = this.options;
    return new Output({
      stdout: host.stdout,
      stderr: host.stderr,
      json: json !== undefined && json !== false,
      colourAllowed: config.colourAllowed,
    });
  }

  async #credential(url: string, given: string | undefined): Promise<FoundToken | undefined> {
    const { host, config } = this.options;
    const found =
      given !== undefined
        ? { token: given, source: '--token' }
        : config.token !== undefined
          ? { token: config.token, source: 'LABMESH_TOKEN' }
          : await findOperatorToken({ url, cwd: host.cwd, home: config.home, installRoot: INSTALL_ROOT });
    return found && { ...found, token: sendableToken(found.token, found.source) };
  }
}

/** The one option of commands that need no lab. */
export const addJsonOption = (command: Command): Command =>
  command.addOption(new Option('--json', 'one JSON document on standard output, errors as one JSON line'));

/** Options of the whole program and of each command, so that they may stand before or after its name. */
export function addConnectionOptions(command: Command, options: { json?: Option } = {}): Command {
  return command
    .option('--url <address>', 'the lab’s address')
    .option('--token <token>', 'who you are; LABMESH_TOKEN keeps it out of the process list')
    .addOption(options.json ?? new Option('--json', 'one JSON document on standard output, errors as one JSON line'));
}
