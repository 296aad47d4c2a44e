// A question to the Sentinel as the caller of an HTTP request, by a pass, as any call goes to an agent.
import { callHeaders } from '@labmesh/bus';
import { sentinel } from '@labmesh/contracts';
import { type EndpointHost, type KnownCaller, withPass } from '@labmesh/endpoint';
import { askSentinel } from '@labmesh/identity';

interface Question<T extends keyof typeof sentinel.tools> {
  readonly caller: KnownCaller;
  readonly callId: string;
  readonly tool: T;
  readonly input: Parameters<typeof askSentinel<T>>[2];
}

/** @throws AppError what the Sentinel refuses it with, unavailable when it does not answer */
export function askSentinelAs<T extends keyof typeof sentinel.tools>(
  { authenticator, bus, reach }: Pick<EndpointHost, 'authenticator' | 'bus' | 'reach'>,
  { caller, callId, tool, input }: Question<T>,
): ReturnType<typeof askSentinel<T>> {
  const agent = sentinel.name;
  const deadline = Date.now() + sentinel.tools[tool].timeoutMs;
  const call = (pass: string) =>
    reach.to(agent, () => askSentinel(bus, tool, input, { headers: callHeaders({ callId, deadline, pass }) }));
  return withPass(authenticator, caller, { agent, call });
}
