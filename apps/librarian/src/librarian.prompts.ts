// The Librarian's prompts: words only, about tools that exist.
import { asUser, librarian, type PromptHandlers, toolOf } from '@labmesh/contracts';

const query = toolOf(librarian, 'query_knowledge_base');
const document = toolOf(librarian, 'get_document');
const log = toolOf(librarian, 'log_new_solution');

export const librarianPrompts = (): PromptHandlers<typeof librarian.prompts> => ({
  answer_with_sources: ({ question }) =>
    asUser(`Answer this question from the lab’s own documents:

${question}

1. Call ${query} with the question. If the passages do not answer it, ask again in other words, at most three times.
2. Read the whole document with ${document} when a passage depends on what stands around it.
3. Answer in your own words. After each claim put the file and the heading it comes from.
4. What the documents do not say, mark as your own knowledge or leave out. If they say nothing, tell me so.
5. End with the list of files you used.`),
  log_what_we_learned: ({ topic }) =>
    asUser(`Log what we learned about: ${topic}

1. Call ${query} with the topic. If a logged solution already says it, show it to me and stop.
2. Write a title that someone with the same trouble would search for, the problem as it showed itself (with the exact message, if there was one), and the solution as steps that another person can follow.
3. Leave out tokens, keys, wallet ids and personal data: everyone in the lab reads it, and it cannot be taken back.
4. Show me title, problem, solution and tags, and wait for my yes.
5. Call ${log}, then ${query} with the title, and tell me the file under which it is found.`),
});
