// What is to be watched: the caller's wishes, completed by what the lab knows of itself.
import { AGENTS, AppError, gateway, type mechanic, type ToolInput, WORKER } from '@labmesh/contracts';
import { GATEWAY_PORT, type LabConfig } from '@labmesh/runtime';

type Input = ToolInput<typeof mechanic.tools.generate_prometheus_yaml>;

/** Processes of the lab by name, as compose and Kubernetes call them. */
export const APPS: readonly string[] = [gateway.name, ...AGENTS.map(({ name }) => name), WORKER];

export interface Wanted extends Omit<Input, 'scheme' | 'targets' | 'dnsNames'> {
  /** Name of the scrape job, by which the rules find what they are about. */
  readonly job: string;
  readonly scheme: 'http' | 'https';
  readonly targets: readonly string[];
  readonly dnsNames: readonly string[];
  /** The targets are the lab's own, by its settings. */
  readonly own: boolean;
}

/** @throws AppError invalid_input for a project whose processes nobody named, or for what belongs to another kind of discovery */
export function wanted(input: Input, config: Pick<LabConfig, 'publicUrl' | 'natsUrl'>): Wanted {
  refuseContradictions(input);
  const own = input.project === undefined && input.discovery === 'static' && input.targets === undefined;
  const { protocol } = new URL(config.publicUrl);
  const scheme = own && config.natsUrl === undefined && protocol === 'https:' ? 'https' : 'http';
  return {
    ...input,
    job: input.project ?? 'labmesh',
    scheme: input.scheme ?? scheme,
    targets: input.targets ?? (own ? ownTargets(config) : []),
    dnsNames: input.dnsNames ?? APPS,
    own,
  };
}

/** One process has its one address; a mesh on one machine has the ports that its processes take by themselves. */
function ownTargets({ publicUrl, natsUrl }: Pick<LabConfig, 'publicUrl' | 'natsUrl'>): string[] {
  const { hostname, port, protocol } = new URL(publicUrl);
  if (natsUrl !== undefined) return APPS.map((_, place) => `${hostname}:${GATEWAY_PORT + place}`);
  return [`${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`];
}

function refuseContradictions({ project, discovery, targets, dnsNames, scheme, caFile }: Input): void {
  const refuse = (why: string): never => {
    throw new AppError('invalid_input', `Cannot write a Prometheus configuration: ${why}`);
  };
  if (targets !== undefined && discovery !== 'static')
    refuse(`targets are for static discovery, and discovery is ${discovery}. Leave one of them out.`);
  if (dnsNames !== undefined && discovery !== 'dns')
    refuse(`dnsNames are for dns discovery, and discovery is ${discovery}. Leave one of them out.`);
  if (caFile !== undefined && scheme !== 'https') refuse('caFile needs scheme https.');
  if (project === undefined) return;
  if (project === 'labmesh') refuse('"labmesh" is the lab’s own name. Give the project another one.');
  if (discovery === 'static' && targets === undefined)
    refuse(`nobody knows where the processes of ${project} are. Name them as targets, such as 127.0.0.1:8080.`);
  if (discovery === 'dns' && dnsNames === undefined)
    refuse(`nobody knows the names of the processes of ${project}. Give dnsNames.`);
}
