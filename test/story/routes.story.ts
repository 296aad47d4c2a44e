// Routes from the outside: what the lab has is known to the knowledge base without anybody’s doing, and the operator says what goes where.
import type { LabClient } from '@labmesh/testing';
import { describe, expect } from 'vitest';
import { verifies } from '../requirements.js';

const FLARES = 'ds_donki-solar-flares-2016-2018';
const SHIPPED = 'rt_datasets-of-the-lab';
/** Deliveries travel as events. */
const WAIT = { timeout: 30_000, interval: 100 };

interface Route {
  readonly routeId: string;
  readonly to: string;
  readonly delivered: number;
  readonly waiting: number;
  readonly failed: number;
}

export function routesStory(operator: () => LabClient): void {
  const routeOf = async (routeId: string): Promise<Route | undefined> => {
    const { routes } = await operator().call<{ routes: Route[] }>('curator_list_routes', { routeId });
    return routes[0];
  };

  describe('routes', () => {
    verifies('routes:delivered', async () => {
      await expect.poll(async () => (await routeOf(SHIPPED))?.delivered, WAIT).toBeGreaterThan(0);
      expect(await routeOf(SHIPPED)).toMatchObject({ to: 'librarian', failed: 0 });
      const { citations } = await operator().call<{ citations: Array<{ file: string }> }>(
        'librarian_query_knowledge_base',
        { question: 'Which dataset has solar flares with a class type and a peak time?', limit: 20 },
      );
      expect(citations.map(({ file }) => file)).toContain(`datasets/${FLARES}.md`);
      const { text } = await operator().call<{ text: string }>('librarian_get_document', {
        file: `datasets/${FLARES}.md`,
      });
      expect(text).toContain(`Dataset ${FLARES}, version 1`);
    });

    verifies('routes:set', async () => {
      const set = (input: object) =>
        operator().call<{ route: Route | null; replayed: number }>('curator_set_route', { ...input });
      const { route } = await set({ name: 'Of a story', to: 'librarian', match: { topics: ['no-such-topic'] } });
      const routeId = route?.routeId ?? '';
      expect(route).toMatchObject({ delivered: 0, waiting: 0, failed: 0 });
      expect((await set({ routeId, match: {}, replay: 'all' })).replayed).toBeGreaterThan(0);
      await expect.poll(async () => (await routeOf(routeId))?.delivered, WAIT).toBeGreaterThan(0);
      await set({ routeId, enabled: false });
      expect((await set({ routeId, remove: true })).route).toBeNull();
      expect(await operator().refused('curator_list_routes', { routeId })).toMatchObject({ code: 'not_found' });
      expect(await operator().refused('curator_set_route', { name: 'x', to: 'sentinel' })).toMatchObject({
        code: 'invalid_input',
      });
    });
  });
}
