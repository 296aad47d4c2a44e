// A process that takes synthetic documents as the Librarian does, into a folder, and answers questions from them as it does: alone, so
// that its memory is the corpus's.
import { answerFrom, Corpus, newDocument } from '@labmesh/librarian';
import { asked, Spent, told } from './measured-child.js';
import { Synthetic } from './synthetic.js';

const PASSAGES_PER_DOCUMENT = 10;
/** As often as the Librarian does. */
const SETTLED_CHARACTERS = 4 * 1024 * 1024;
const QUESTIONS = 200;
/** A process that answers is one that has answered before: its code is compiled. */
const WARM_UP = 100;
const SHELF = 'collection';

await told({
  index: async (folder, passages) => {
    const synthetic = new Synthetic(17);
    const corpus = await Corpus.open(folder);
    const spent = new Spent();
    let unsettled = 0;
    for (let at = 0; at < passages; at += PASSAGES_PER_DOCUMENT) {
      const parts = Array.from(
        { length: PASSAGES_PER_DOCUMENT },
        () => `## ${synthetic.question()}\n\n${synthetic.passage()}.`,
      );
      const text = [`# ${synthetic.question()}`, ...parts].join('\n\n');
      await spent.on(async () => {
        corpus.put(newDocument({ file: `${SHELF}/${at}.md`, text, collection: SHELF }), SHELF);
        unsettled += text.length;
        if (unsettled < SETTLED_CHARACTERS && at + PASSAGES_PER_DOCUMENT < passages) return;
        unsettled = 0;
        await corpus.settle();
      });
    }
    corpus.close();
    return spent.of(passages);
  },
  ask: (folder) => {
    const synthetic = new Synthetic(71);
    const questions = Array.from({ length: QUESTIONS + WARM_UP }, () => synthetic.question());
    return asked({
      open: () => Corpus.open(folder),
      questions: QUESTIONS,
      warmUp: WARM_UP,
      ask: (corpus, at) =>
        answerFrom(corpus, { question: questions[at] ?? '', limit: 5, context: [] }, { shelves: [SHELF] }),
    });
  },
});
