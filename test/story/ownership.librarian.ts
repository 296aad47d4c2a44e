// The Librarian's rows of the ownership table.
import type { Belongings } from '../harness/belongings.js';
import { type Row, refused, SOMEBODYS } from './ownership.rows.js';

/** Of the form that conversations and messages have, made by whoever asks. */
const NOBODYS = '01920000-0000-7000-8000-000000000001';
const question = (text: string) => ({
  messageId: NOBODYS,
  parentId: null,
  role: 'user',
  parts: [{ type: 'text', text }],
});

export const librarianRows = (a: Belongings): Readonly<Record<string, Row>> => ({
  librarian_query_knowledge_base: {
    theirs: { project: refused({ question: 'What is in it?', project: a.projectId }) },
    plain: { question: 'What is in the solar flare dataset?', limit: 20 },
  },
  librarian_get_document: {
    theirs: { file: refused({ file: `${a.collectionId}/words.md` }) },
    plain: { file: a.solution },
  },
  librarian_log_new_solution: {
    theirs: { project: refused({ title: 'b’s own', problem: 'with a’s', solution: 'project', project: a.projectId }) },
    plain: { title: 'b’s own', problem: 'b’s problem', solution: 'b’s solution' },
  },
  librarian_ingest_source: {
    theirs: {
      uploadId: refused({ collection: 'b', uploadId: SOMEBODYS }),
      project: refused({ collection: 'b', text: { name: 'b.md', content: 'b’s own' }, project: a.projectId }),
    },
    plain: { collection: 'words', text: { name: 'b.md', content: 'b’s own' } },
  },
  librarian_list_collections: { theirs: { project: refused({ project: a.projectId }) }, plain: {} },
  librarian_remove_source: {
    theirs: {
      collectionId: refused({ collectionId: a.collectionId }),
      sourceId: refused({ collectionId: a.collectionId, sourceId: a.sourceId }),
    },
  },
  librarian_list_solutions: {
    theirs: { project: refused({ project: a.projectId }) },
    shared: { cursor: 'A place in a list that is everybody’s.' },
    plain: { author: 'mine' },
  },
  librarian_vote_solution: {
    shared: { file: 'Solutions are everybody’s to vote for, but their author’s.' },
    plain: { file: a.solution },
  },
  librarian_accept_solution: {
    shared: { file: 'A validator’s or the operator’s to accept, whosever it is.' },
    plain: { file: a.solution },
  },
  librarian_analyze_error: {
    theirs: { jobId: refused({ jobId: a.jobId }) },
    plain: { text: 'Error: nothing of anybody' },
  },
  librarian_list_errors: { shared: { cursor: 'A place in a list of the caller’s own.' }, plain: {} },
  librarian_get_agent_manifest: { plain: {} },
  librarian_add_messages: {
    shared: { conversationId: 'A name of the caller’s own: another wallet’s is another conversation.' },
    plain: { conversationId: NOBODYS, messages: [question('b’s own')] },
  },
  librarian_list_conversations: { shared: { cursor: 'A place in a list of the caller’s own.' }, plain: {} },
  librarian_get_conversation: { theirs: { conversationId: refused({ conversationId: a.conversationId }) } },
  librarian_rename_conversation: {
    theirs: { conversationId: refused({ conversationId: a.conversationId, title: 'b’s' }) },
  },
  librarian_delete_conversation: { theirs: { conversationId: refused({ conversationId: a.conversationId }) } },
  librarian_export_conversation: {
    theirs: {
      conversationId: refused({ conversationId: a.conversationId }),
      cursor: refused({ conversationId: a.conversationId, cursor: '1:0' }),
    },
  },
  librarian_set_model: { plain: { name: 'b', kind: 'openai', model: 'm' } },
  librarian_list_models: { plain: {} },
  librarian_remove_model: { plain: { name: 'nowhere' } },
  librarian_test_model: { plain: { name: 'nowhere' } },
  librarian_converse: {
    theirs: {
      conversationId: refused({ conversationId: a.conversationId, answerTo: a.messageId, answerId: NOBODYS }),
      answerTo: refused({ conversationId: NOBODYS, answerTo: a.messageId, answerId: NOBODYS }),
      answerId: refused({ conversationId: a.conversationId, answerTo: a.messageId, answerId: a.messageId }),
    },
  },
  librarian_stop_answer: {
    theirs: {
      conversationId: refused({ conversationId: a.conversationId, answerId: a.messageId }),
      answerId: refused({ conversationId: NOBODYS, answerId: a.messageId }),
    },
  },
  librarian_generate_documentation_summary: {
    theirs: { projectId: refused({ projectId: a.projectId }), uploadId: refused({ uploadId: SOMEBODYS }) },
  },
  librarian_find_tool: { plain: { query: 'who owns this' } },
  librarian_add_encoder: { theirs: { uploadId: refused({ uploadId: SOMEBODYS, name: 'theirs' }) } },
  librarian_list_encoders: { plain: {} },
  librarian_use_encoder: { plain: { name: 'no-such-model' } },
  librarian_remove_encoder: { plain: { name: 'no-such-model' } },
});
