// Ask: a question, the answer with its sources, and the questions asked before.
import { useState } from 'react';
import { useLab } from '../mcp/lab.js';
import { Notice } from '../ui/notice.js';
import type { Place } from './answer.js';
import { AnswerCard } from './answer-card.js';
import { DocumentPanel } from './document-panel.js';
import { FittingTools } from './fitting-tools.js';
import { QuestionBox } from './question-box.js';
import { ASK_TOOL, type Conversation, type Exchange } from './use-conversation.js';

const FIRST_QUESTIONS = [
  'How do I connect an AI client to the lab?',
  'How do I submit a dataset?',
  'What may a researcher do?',
  'How does a $webxos transaction work?',
];

export function AskPage({ conversation }: { conversation: Conversation }) {
  const { tools } = useLab();
  const [shown, setShown] = useState<Place>();
  if (!tools.some((tool) => tool.name === ASK_TOOL)) {
    return (
      <div className="page page-narrow">
        <h1>Ask the lab</h1>
        <Notice title="You cannot ask questions with this sign-in.">
          <p>
            The tool <code>{ASK_TOOL}</code> is not among yours. Ask the operator for it, or see what you can use on the{' '}
            <a href="#/tools">Tools</a> page.
          </p>
        </Notice>
      </div>
    );
  }
  const { exchanges, selected, ask } = conversation;
  return (
    <div className={exchanges.length > 0 ? 'page ask ask-with-list' : 'page ask'}>
      {exchanges.length > 0 && <QuestionList conversation={conversation} />}
      <section className="ask-main" aria-label="Question and answer">
        {selected ? (
          <AnswerCard key={selected.id} exchange={selected} onOpen={setShown} onRetry={() => ask(selected.question)}>
            <FittingTools sentence={selected.question} />
          </AnswerCard>
        ) : (
          <Welcome ask={ask} />
        )}
        <QuestionBox ask={ask} />
      </section>
      {shown && <DocumentPanel citation={shown} onClose={() => setShown(undefined)} />}
    </div>
  );
}

const Welcome = ({ ask }: { ask: (question: string) => void }) => (
  <div className="welcome">
    <h1>Ask the lab</h1>
    <p className="lead">
      The Librarian answers from the lab’s documents, templates and logged solutions, quotes where it says so, and says
      when it does not know.
    </p>
    <ul className="suggestions" aria-label="Questions to begin with">
      {FIRST_QUESTIONS.map((question) => (
        <li key={question}>
          <button type="button" className="suggestion" onClick={() => ask(question)}>
            {question}
          </button>
        </li>
      ))}
    </ul>
  </div>
);

const STATES = { waiting: 'Waiting for the answer', answered: '', failed: 'Failed' } as const;

function QuestionList({ conversation }: { conversation: Conversation }) {
  const newestFirst: readonly Exchange[] = [...conversation.exchanges].reverse();
  return (
    <nav className="questions" aria-label="Questions of this session">
      <div className="questions-head">
        <h2>Your questions</h2>
        <button type="button" className="button button-small" onClick={() => conversation.select(undefined)}>
          New
        </button>
      </div>
      <ol>
        {newestFirst.map((exchange) => (
          <li key={exchange.id}>
            <button
              type="button"
              className="question-link"
              aria-current={exchange.id === conversation.selected?.id ? 'true' : undefined}
              onClick={() => conversation.select(exchange.id)}
            >
              <span className="question-link-text">{exchange.question}</span>
              {STATES[exchange.state.status] && <span className="muted">{STATES[exchange.state.status]}</span>}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
