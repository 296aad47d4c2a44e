// The Curator's tools for sources: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { curatorParts, Handlers } from '@labmesh/contracts';
import { ImageFetcher } from './image-fetcher.js';
import { SourceCatalog } from './source-catalog.js';
import { SourceDirectory } from './source-directory.js';
import { SourceFetcher } from './source-fetcher.js';
import { SourceKeys } from './source-keys.js';
import { SourceTester } from './source-tester.js';

export const sourceTools = handlersOf(
  [SourceDirectory, SourceCatalog, SourceKeys, SourceTester, SourceFetcher, ImageFetcher],
  (directory, catalog, keys, tester, fetcher, images): Handlers<typeof curatorParts.sources> => ({
    list_sources: (input) => directory.list(input),
    get_source: (input) => directory.get(input),
    add_source: async ({ manifest }, { principal }) => ({
      source: await directory.summary(await catalog.add(manifest, principal.walletId)),
    }),
    remove_source: async ({ source }, { principal }) => {
      await catalog.remove(source, principal.walletId);
      return { removed: source };
    },
    set_source_key: async ({ source, key }, { principal }) => {
      const { manifest } = await catalog.find(source);
      if (key === undefined) return { key: await keys.remove(manifest), set: false };
      return { key: await keys.set(manifest, key, principal.walletId), set: true };
    },
    test_source: (input, call) => tester.test(input, call),
    fetch_source: async function* ({ force, ...wish }, call) {
      const { fetchedAt, refreshAt, ...fetched } = yield* fetcher.fetch(wish, { ...call, force });
      return { ...fetched, fetchedAt: fetchedAt.toISOString(), refreshAt: refreshAt?.toISOString() ?? null };
    },
    get_imagery: (input, call) => images.fetch(input, call),
  }),
);
