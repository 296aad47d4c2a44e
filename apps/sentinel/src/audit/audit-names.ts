// What somebody wants of the audit log, by names: a name that no record can have is refused with those there are, since an empty
// answer would say that nothing happened.
import {
  AGENTS,
  AppError,
  BY_ENDPOINT,
  type Call,
  gateway,
  gatewayName,
  operationsOf,
  UPLOADS,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { Principals } from '../principals/principals.js';
import { checkSpan } from '../time-span.js';
import { type AuditFilter, AuditRepository } from './audit.repository.js';

const uploadsAt = ({ name }: { readonly name: string }) => Object.values(UPLOADS).filter(({ agent }) => agent === name);

/** Under which names calls are recorded: agents, each with its tools and what is done with its resources, prompts and blobs. */
const TOOLS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...[...AGENTS, gateway].map((contract): [string, Set<string>] => [
    contract.name,
    new Set([
      ...Object.keys(contract.tools),
      ...[...operationsOf(contract), ...uploadsAt(contract)].map(({ tool }) => tool),
    ]),
  ]),
  [BY_ENDPOINT.request.agent, new Set(Object.values(BY_ENDPOINT).map(({ tool }) => tool))],
]);
/** As clients of the gateway call them. */
const BY_GATEWAY_NAME = new Map(
  [...TOOLS].flatMap(([agent, tools]) =>
    [...tools].map((tool): [string, { agent: string; tool: string }] => [gatewayName(agent, tool), { agent, tool }]),
  ),
);

/** @throws AppError invalid_input for what is no agent of the lab, nor the gateway or an endpoint */
export function checkAgent(agent: string): void {
  if (!TOOLS.has(agent)) throw refused(`there is no agent "${agent}". Those that are recorded: ${list(TOOLS.keys())}`);
}

@Injectable()
export class AuditNames {
  constructor(
    @Inject(AuditRepository) private readonly records: Pick<AuditRepository, 'holds'>,
    @Inject(Principals) private readonly principals: Pick<Principals, 'check'>,
  ) {}

  /**
   * The filter as records have it: a tool by its name at the gateway becomes the agent's own.
   * @throws AppError invalid_input, or not_found for a wallet, that says what there is
   */
  async known<T extends AuditFilter>(filter: T, call: Call): Promise<T> {
    checkSpan(filter, 'search the audit log');
    const asked = inRecords(filter);
    await this.#agent(asked);
    await this.#tool(asked);
    if (!(await this.#isCaller(asked))) await this.principals.check(asked.walletId, call);
    return asked;
  }

  async #isCaller({ walletId }: AuditFilter): Promise<boolean> {
    return walletId !== undefined && (await this.records.holds({ walletId }));
  }

  async #agent({ agent }: AuditFilter): Promise<void> {
    if (agent !== undefined && !TOOLS.has(agent) && !(await this.records.holds({ agent }))) checkAgent(agent);
  }

  /** One that is none of the lab's today may be in the log all the same: of an earlier version, or called in vain. */
  async #tool({ agent, tool }: AuditFilter): Promise<void> {
    const agents = agent === undefined ? [...TOOLS.keys()] : [agent];
    if (tool === undefined || agents.some((name) => TOOLS.get(name)?.has(tool) === true)) return;
    for (const name of agents) if (await this.records.holds({ agent: name, tool })) return;
    if (agent !== undefined)
      throw refused(`the ${agent} has no tool "${tool}". Its tools: ${list(TOOLS.get(agent) ?? [])}`);
    throw refused(
      `there is no tool "${tool}". The tools, by their names at the gateway: ${list(BY_GATEWAY_NAME.keys())}`,
    );
  }
}

function inRecords<T extends AuditFilter>(filter: T): T {
  const named = filter.tool === undefined ? undefined : BY_GATEWAY_NAME.get(filter.tool);
  if (named === undefined) return filter;
  if (filter.agent !== undefined && filter.agent !== named.agent)
    throw refused(`${filter.tool} is a tool of the ${named.agent}, not of "${filter.agent}": leave "agent" out`);
  return { ...filter, ...named };
}

const list = (names: Iterable<string>): string => [...names].sort().join(', ');
const refused = (why: string): AppError => new AppError('invalid_input', `Cannot search the audit log: ${why}.`);
