// What a new conversation begins with: who answers, and questions to begin with.
const FIRST_QUESTIONS = [
  'How do I connect an AI client to the lab?',
  'How do I submit a dataset?',
  'What may a researcher do?',
  'How does a $webxos transaction work?',
];

export const Welcome = ({ ask, byModel }: { ask: (question: string) => void; byModel: boolean }) => (
  <div className="welcome">
    <h1>Ask the lab</h1>
    <p className="lead">
      {byModel
        ? 'A language model answers, with the lab’s tools at hand: what only reads it may use, for all else it asks you first.'
        : 'The Librarian answers from the lab’s documents, templates and logged solutions, quotes where it says so, and says when it does not know.'}
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
