// The frame of the page: header, navigation, and the page that the address names; or the sign-in.
import { lazy, type ReactNode, Suspense, useEffect, useSyncExternalStore } from 'react';
import { AgentsPage } from './agents/agents-page.js';
import { hasData } from './data/views.js';
import { viewsFor as jobViewsFor } from './jobs/views.js';
import { viewsFor as knowledgeViewsFor } from './knowledge/views.js';
import { LabProvider, LabReady, useTools } from './mcp/lab.js';
import { viewsFor as moneyViewsFor } from './money/views.js';
import { viewsFor as projectViewsFor } from './projects/views.js';
import { type Route, useRoute } from './route.js';
import { viewsFor } from './security/views.js';
import { Account } from './session/account.js';
import type { Session } from './session/session.js';
import { sessionState, subscribeSession } from './session/session-store.js';
import { SignInPage } from './session/sign-in-page.js';
import { ToolsPage } from './tools/tools-page.js';
import { FaultBoundary } from './ui/fault-boundary.js';
import { Logo } from './ui/logo.js';
import { Waiting } from './ui/notice.js';
import { ThemeToggle } from './ui/theme-toggle.js';

const WAITING = { 'signed-out': undefined, redeeming: 'Signing you in…', leaving: 'Signing you out…' } as const;

export function App() {
  const state = useSyncExternalStore(subscribeSession, sessionState);
  if (state.status === 'signed-in') {
    return (
      <LabProvider key={state.session.id} session={state.session}>
        <Frame session={state.session} />
      </LabProvider>
    );
  }
  return (
    <SignInPage failure={state.status === 'signed-out' ? state.failure : undefined} waiting={WAITING[state.status]} />
  );
}

const PAGES = [
  { page: 'home', label: 'Home' },
  { page: 'ask', label: 'Ask' },
  { page: 'knowledge', label: 'Knowledge' },
  { page: 'agents', label: 'Agents' },
  { page: 'data', label: 'Data' },
  { page: 'jobs', label: 'Jobs' },
  { page: 'projects', label: 'Projects' },
  { page: 'money', label: 'Money' },
  { page: 'tools', label: 'Tools' },
  { page: 'security', label: 'Security' },
] as const;

/** Chunks of their own: who looks for something else does not wait for them. */
const AskPage = lazy(async () => ({ default: (await import('./ask/ask-page.js')).AskPage }));
const DataPage = lazy(async () => ({ default: (await import('./data/data-page.js')).DataPage }));
const HomePage = lazy(async () => ({ default: (await import('./home/home-page.js')).HomePage }));
const JobsPage = lazy(async () => ({ default: (await import('./jobs/jobs-page.js')).JobsPage }));
const KnowledgePage = lazy(async () => ({ default: (await import('./knowledge/knowledge-page.js')).KnowledgePage }));
const MoneyPage = lazy(async () => ({ default: (await import('./money/money-page.js')).MoneyPage }));
const ProjectsPage = lazy(async () => ({ default: (await import('./projects/projects-page.js')).ProjectsPage }));
const SecurityPage = lazy(async () => ({ default: (await import('./security/security-page.js')).SecurityPage }));

const titleOf = (route: Route): string => PAGES.find(({ page }) => page === route.page)?.label ?? 'Home';

function Frame({ session }: { session: Session }) {
  const route = useRoute();
  const tools = useTools();
  const there: Partial<Record<Route['page'], boolean>> = {
    data: hasData(tools),
    jobs: jobViewsFor(tools).length > 0,
    knowledge: knowledgeViewsFor(tools).length > 0,
    money: moneyViewsFor(tools).length > 0,
    projects: projectViewsFor(tools).length > 0,
    security: viewsFor(tools).length > 0,
  };
  const pages = PAGES.filter(({ page }) => there[page] ?? true);
  useEffect(() => {
    document.title = `${titleOf(route)} · LabMesh`;
    // On a phone not all names are in sight.
    void document.querySelector('.nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [route]);
  return (
    <div className="frame">
      <button type="button" className="skip-link" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <header className="header">
        <a className="brand" href="#/home" aria-label="LabMesh, home">
          <Logo />
          <span className="brand-name">LabMesh</span>
        </a>
        <nav className="nav" aria-label="Pages">
          {pages.map(({ page, label }) => (
            <a
              key={page}
              href={`#/${page}`}
              data-testid={`nav-${page}`}
              aria-current={route.page === page ? 'page' : undefined}
            >
              {label}
            </a>
          ))}
        </nav>
        <div className="header-end">
          <Account session={session} />
          <ThemeToggle />
        </div>
      </header>
      <main id="main" className="main" tabIndex={-1}>
        <LabReady>
          <Pages route={route} />
        </LabReady>
      </main>
    </div>
  );
}

function Pages({ route }: { route: Route }) {
  return (
    <FaultBoundary key={route.page}>
      <Suspense fallback={<Waiting label="Loading the page…" />}>{pageOf(route)}</Suspense>
    </FaultBoundary>
  );
}

function pageOf(route: Route): ReactNode {
  switch (route.page) {
    case 'home':
      return <HomePage />;
    case 'ask':
      return <AskPage conversationId={route.conversation} about={route.about} />;
    case 'agents':
      return <AgentsPage />;
    case 'tools':
      return <ToolsPage tool={route.tool} />;
    case 'data':
      return <DataPage item={route.item} view={route.view} asked={route.asked} />;
    case 'jobs':
      return <JobsPage view={route.view} item={route.item} asked={route.asked} />;
    case 'projects':
      return <ProjectsPage view={route.view} item={route.item} asked={route.asked} />;
    case 'knowledge':
      return <KnowledgePage view={route.view} item={route.item} asked={route.asked} />;
    case 'money':
      return <MoneyPage view={route.view} item={route.item} asked={route.asked} />;
    case 'security':
      return <SecurityPage view={route.view} item={route.item} />;
    default:
      return route satisfies never;
  }
}
