// What the lab knows when it looks a project through. It asks nobody but itself: an address of a project is only ever compared with the
// lab's own, and what is asked is the lab's own address with the path that the project names.
import { AgentClients } from '@labmesh/agent';
import { type architect, type Call, chancellor } from '@labmesh/contracts';
import { type LabFacts, walletStateOf } from '@labmesh/projects';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';

const ANSWERS_WITHIN_MS = 3_000;
const NOT_FOUND = 404;
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

const placeOf = ({ protocol, hostname, port }: URL): string =>
  `${protocol}//${LOOPBACK.test(hostname) ? 'loopback' : hostname}:${port}`;

@Injectable()
export class LabKnowledge {
  constructor(
    @Inject(AgentClients) private readonly agents: AgentClients<typeof architect>,
    @Inject(LAB_CONFIG) private readonly config: Pick<LabConfig, 'publicUrl'>,
  ) {}

  facts(call: Call): LabFacts {
    const { publicUrl } = this.config;
    return {
      wallet: call.principal.walletId,
      labUrl: publicUrl,
      walletState: (walletId) =>
        walletStateOf(walletId, call.principal.walletId, (other) =>
          this.agents.of(chancellor, call).get_wallet({ walletId: other }),
        ),
      answers: (url) => this.#answers(url),
    };
  }

  /** Undefined for what is not the lab's. */
  async #answers(url: string): Promise<boolean | undefined> {
    const own = new URL(this.config.publicUrl);
    const asked = new URL(url);
    if (placeOf(asked) !== placeOf(own)) return undefined;
    try {
      const reply = await fetch(new URL(asked.pathname, own), {
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      });
      await reply.body?.cancel();
      return reply.status !== NOT_FOUND;
    } catch {
      // The caller came by this address; that it cannot be reached from here is not the project's fault.
      return undefined;
    }
  }
}
