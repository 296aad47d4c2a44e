// What `npm start` prints when the lab is up. The sign-in link is good once, for ten minutes; no long-lived secret is printed.
import type { RunningProcess } from '@labmesh/agent';
import { AGENTS, publicTools } from '@labmesh/contracts';
import { OperatorAccount, SignIn } from '@labmesh/sentinel';

export async function welcome(lab: RunningProcess, startedInMs: number): Promise<string> {
  const { publicUrl } = lab.config;
  const operator = lab.get(OperatorAccount);
  const { code } = await lab.get(SignIn).createFor(operator.principal());
  const lines = [
    `LabMesh is ready at ${publicUrl}/mcp  (${AGENTS.length} agents, ${publicTools(AGENTS).length} tools, ${(startedInMs / 1_000).toFixed(1)} s)`,
    '',
    `  Page       ${publicUrl}/#code=${code}`,
    '             signs you in as the operator, once, within 10 minutes; npx labmesh open makes a new link',
    `  Token      ${operator.tokenPath}`,
    '             the operator’s key for AI clients and scripts',
    '  Next       npx labmesh status',
    '             npx labmesh ask "Which formats can a dataset have?"',
    '',
  ];
  return `${lines.join('\n')}\n`;
}
