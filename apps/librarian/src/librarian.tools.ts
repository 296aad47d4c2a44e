// The Librarian's contract, part by part, to its domain. No rule lives here.
import { together } from '@labmesh/agent';
import { knowledgeTools } from './answers/knowledge.tools.js';
import { assistantTools } from './assistant/assistant.tools.js';
import { modelTools } from './assistant/model.tools.js';
import { conversationTools } from './conversations/conversation.tools.js';
import { errorTools } from './errors/error.tools.js';
import { manifestTools } from './manifest/manifest.tools.js';
import { encoderTools } from './meaning/encoder.tools.js';
import { solutionTools } from './solutions/solution.tools.js';
import { sourceTools } from './sources/source.tools.js';
import { summaryTools } from './summaries/summary.tools.js';

export const librarianTools = together(
  knowledgeTools,
  solutionTools,
  errorTools,
  sourceTools,
  manifestTools,
  summaryTools,
  conversationTools,
  modelTools,
  assistantTools,
  encoderTools,
);
