// Which solutions an address asks for, and the address of others.
import { type Asked, knowledgeHref } from '../../route.js';

export interface Narrowed {
  readonly words: string;
  readonly tags: readonly string[];
  readonly author: 'anyone' | 'mine';
  readonly accepted: 'yes' | 'no' | '';
  readonly order: 'newest' | 'votes';
  readonly project: string;
}

const WORDS_MAX = 200;
const TAGS_MAX = 12;
const TAG_MAX = 40;
/** In an address: no tag has it, while a comma may be of one. */
const BETWEEN_TAGS = '\n';

/** "pump, air" -> two tags, each once. */
export const tagsIn = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((tag) => tag.replace(/\s+/g, ' ').trim())
      .filter((tag) => tag !== ''),
  ),
];

export function narrowedIn(asked: URLSearchParams): Narrowed {
  const accepted = asked.get('accepted');
  return {
    words: (asked.get('words') ?? '').slice(0, WORDS_MAX),
    tags: [...new Set((asked.get('tags') ?? '').split(BETWEEN_TAGS))]
      .filter((tag) => tag !== '')
      .map((tag) => tag.slice(0, TAG_MAX))
      .slice(0, TAGS_MAX),
    author: asked.get('author') === 'mine' ? 'mine' : 'anyone',
    accepted: accepted === 'yes' || accepted === 'no' ? accepted : '',
    order: asked.get('order') === 'votes' ? 'votes' : 'newest',
    project: asked.get('project') ?? '',
  };
}

/** What is as it is anyway is left out. */
export function solutionsHref({ words, tags, author, accepted, order, project }: Narrowed): string {
  const asked: Asked = {
    words,
    tags: tags.join(BETWEEN_TAGS),
    author: author === 'mine' ? author : undefined,
    accepted,
    order: order === 'votes' ? order : undefined,
    project,
  };
  return knowledgeHref('solutions', undefined, asked);
}

export const isNarrowed = ({ words, tags, author, accepted, project }: Narrowed): boolean =>
  words.trim() !== '' || tags.length > 0 || author === 'mine' || accepted !== '' || project !== '';

/** The call's input. */
export const inputOf = ({ words, tags, author, accepted, order, project }: Narrowed) => ({
  ...(words.trim() === '' ? {} : { words: words.trim() }),
  ...(tags.length === 0 ? {} : { tags }),
  ...(author === 'anyone' ? {} : { author }),
  ...(accepted === '' ? {} : { accepted: accepted === 'yes' }),
  ...(order === 'newest' ? {} : { order }),
  ...(project === '' ? {} : { project }),
});
