// What `npm start` prints when the lab is up. The sign-in link is good once, for ten minutes; no long-lived secret is printed.
import type { RunningProcess } from '@labmesh/agent';
import { AGENTS, publicTools } from '@labmesh/contracts';
import { DEFAULT_HOME, GATEWAY_PORT, type LabConfig } from '@labmesh/runtime/config';
import { OperatorAccount, SignIn } from '@labmesh/sentinel';

export async function welcome(lab: RunningProcess, startedInMs: number, recorded: boolean): Promise<string> {
  const { publicUrl } = lab.config;
  const operator = lab.get(OperatorAccount);
  const { code } = await lab.get(SignIn).createFor(operator.principal());
  const next = [...settingsOfCommand(lab.config), 'npx @labmesh/cli status', 'npx @labmesh/cli --help'];
  const lines = [
    `LabMesh is ready at ${publicUrl}/mcp  (${AGENTS.length} agents, ${publicTools(AGENTS).length} tools, ${(startedInMs / 1_000).toFixed(1)} s)`,
    ...(recorded ? ['  Demo: sources answer with recorded replies, and nothing is asked of the internet.'] : []),
    '',
    `  Page       ${publicUrl}/#code=${code}`,
    '             signs you in as the operator, once, within 10 minutes; npx @labmesh/cli open makes a new link',
    `  Token      ${operator.tokenPath}`,
    '             the operator’s key for AI clients and scripts: README.md, "Connect a client", has how',
    ...next.map((line, at) => `  ${(at === 0 ? 'Next' : '').padEnd(9)}  ${line}`),
    '             in another terminal, in this folder',
    '  Stop       Ctrl-C. Data stays; backups, upgrades, other machines: docs/running.md',
    '',
  ];
  return `${lines.join('\n')}\n`;
}

/** What the command must be told to find this lab, in the words of the shell that is usual here. Nothing where it finds it by itself. */
export function settingsOfCommand({ publicUrl, home }: Pick<LabConfig, 'publicUrl' | 'home'>): string[] {
  const settings = {
    ...(publicUrl === `http://127.0.0.1:${GATEWAY_PORT}` ? {} : { LABMESH_URL: publicUrl }),
    ...(home === DEFAULT_HOME ? {} : { LABMESH_HOME: home }),
  };
  const word = process.platform === 'win32' ? 'set' : 'export';
  return Object.entries(settings).map(([name, value]) => `${word} ${name}=${quoted(value)}`);
}

const quoted = (value: string): string =>
  process.platform === 'win32' || /^[\w./:-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
