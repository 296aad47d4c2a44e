// Starts the page: theme first, then the sign-in (which clears a code from the address), then the first paint.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { startSession } from './session/session-store.js';
import { applyRememberedTheme } from './ui/theme.js';
import './styles/tokens.css';
import './styles/elements.css';
import './styles/waiting.css';
import './styles/layout.css';
import './styles/ask.css';
import './styles/agents.css';
import './styles/tools.css';

applyRememberedTheme();
startSession();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
