// What an endpoint tells those who follow it, in both eras: that the list of tools is another one, that a resource has changed.
// Nobody hears of what they may not read.
import { expandUri, librarian } from '@labmesh/contracts';
import type { Policies } from '@labmesh/identity';
import type { Caller } from './callers/caller.js';
import type { ChangeFeed, Changes } from './change-feed.js';
import type { McpServices } from './endpoint-services.js';
import type { Reach } from './presence/reach.js';
import { type ListenStreams, mayHear } from './requests/resource-subscriptions.js';
import type { Sessions } from './sessions/sessions.js';
import { throttled } from './throttled.js';

/** Clients hear of changes at most this often, milliseconds. */
const LIST_CHANGE_MS = 200;

export interface NewsServices extends Pick<McpServices, 'catalogue' | 'resourcesAndPrompts' | 'told'> {
  /** Tells when an agent comes or goes. */
  readonly reach: Pick<Reach, 'onChange'>;
  /** Tells when somebody may do more or less than before. */
  readonly policies: Pick<Policies, 'onChange'>;
  /** Tells what has changed behind the addresses of resources. */
  readonly changes: Pick<ChangeFeed, 'onChange'>;
}

/** Who is told: streams of protocol 2026-07-28, and sessions of the 2025 eras. */
export interface Audience {
  readonly listens: ListenStreams;
  readonly sessions: Sessions;
}

export class News {
  readonly #tools = throttled(() => this.#toolsChanged(), LIST_CHANGE_MS);
  readonly #unwatch: ReadonlyArray<() => void>;

  constructor(
    private readonly services: NewsServices,
    private readonly audience: Audience,
  ) {
    const { reach, policies, changes, catalogue } = services;
    this.#unwatch = [
      reach.onChange((agent) => {
        if (catalogue.agents.some(({ name }) => name === agent)) this.#tools.signal();
        const uri = expandUri(librarian.resources.agent.uri, { name: agent });
        this.#resourcesChanged({ uris: new Set([uri]), lists: new Set() });
      }),
      policies.onChange(() => this.#tools.signal()),
      changes.onChange((changed) => this.#resourcesChanged(changed)),
    ];
  }

  stop(): void {
    for (const unwatch of this.#unwatch) unwatch();
    this.#tools.stop();
  }

  /** Tells those whose own list is another one now. An agent that comes or goes brings its resources with it. */
  #toolsChanged(): void {
    const { catalogue, told } = this.services;
    const { listens, sessions } = this.audience;
    listens.tell({ kind: 'tools_list_changed' }, (caller) =>
      told.isNews(caller, catalogue.listFor(caller.principal, caller.scope)),
    );
    sessions.tell(
      ({ principal }, session) => told.isNews(session, catalogue.listFor(principal, session.scope)),
      ({ parts: { server } }) => server.sendToolListChanged(),
    );
    this.#resourcesChanged({ uris: new Set(), lists: new Set([null]) });
  }

  /** Tells who follows these addresses and may read them, and whose list of resources is another now. */
  #resourcesChanged({ uris, lists }: Changes): void {
    const { resourcesAndPrompts } = this.services;
    const { listens, sessions } = this.audience;
    if (resourcesAndPrompts.resources.length === 0) return;
    for (const uri of uris) {
      const may = ({ principal }: Caller): boolean => mayHear(resourcesAndPrompts, principal, uri);
      listens.tell({ kind: 'resource_updated', uri }, may);
      sessions.tell(
        (caller, { subscriptions }) => subscriptions.includes(uri) && may(caller),
        ({ parts: { server } }) => server.sendResourceUpdated({ uri }),
      );
    }
    if (lists.size === 0) return;
    const concerns = ({ principal }: Caller): boolean => lists.has(null) || lists.has(principal.walletId);
    listens.tell({ kind: 'resources_list_changed' }, concerns);
    sessions.tell(concerns, ({ parts: { server } }) => server.sendResourceListChanged());
  }
}
