// A process that indexes synthetic passages in a folder and answers questions: alone, so that its memory is the index's.
import { indexTerms, SearchIndex, tokenize } from '@labmesh/search';
import { asked, Spent, told } from './measured-child.js';
import { Synthetic } from './synthetic.js';

const FIELDS = {
  heading: { weight: 2, lengthShare: 0.5 },
  body: { weight: 1, lengthShare: 0.75 },
} as const;
const PASSAGES_PER_DOCUMENT = 10;
const COMMIT_EVERY = 20_000;
const QUESTIONS = 400;
const LIMIT = 10;

await told({
  index: async (folder, passages) => {
    const synthetic = new Synthetic(17);
    const search = await SearchIndex.open(FIELDS, folder);
    const spent = new Spent();
    for (let at = 0; at < passages; at += COMMIT_EVERY) {
      const documents = Array.from({ length: Math.min(COMMIT_EVERY, passages - at) / PASSAGES_PER_DOCUMENT }, () => ({
        heading: synthetic.question(),
        passages: Array.from({ length: PASSAGES_PER_DOCUMENT }, () => synthetic.passage()),
      }));
      await spent.on(async () => {
        for (const [number, document] of documents.entries()) {
          const heading = indexTerms(document.heading);
          search.put(
            `document-${at + number}`,
            document.passages.map((text) => ({ heading, body: indexTerms(text) })),
          );
        }
        await search.maintain();
        search.commit(String(at));
      });
    }
    search.close();
    return spent.of(passages);
  },
  ask: (folder) => {
    const synthetic = new Synthetic(71);
    const questions = Array.from({ length: QUESTIONS }, () => tokenize(synthetic.question()));
    return asked({
      open: () => SearchIndex.open(FIELDS, folder),
      questions: QUESTIONS,
      warmUp: 0,
      ask: (search, at) => search.search({ terms: questions[at] ?? [], limit: LIMIT }),
    });
  },
});
