// The ways into the documents, by what people want to do. Every document stands here once; make-site.mjs holds it to that.

/** A group: its name, and its pages by file, each with the words that name it there. */
export const NAVIGATION = [
  {
    text: 'Start',
    pages: {
      'README.md': 'Start here',
      'docs/running.md': 'Run a lab',
      'docs/tutorials/connect-a-telescope.md': 'How do I connect my telescope?',
      'docs/tutorials/analyse-solar-flares.md': 'Analyse solar flares',
      'docs/tutorials/train-and-earn.md': 'Train and earn',
      'docs/tutorials/add-an-agent.md': 'Add an agent',
      'docs/glossary.md': 'Glossary',
    },
  },
  {
    text: 'Use',
    pages: {
      'apps/chat/README.md': 'The page',
      'apps/cli/README.md': 'The command',
      'docs/assistant.md': 'The assistant',
      'docs/projects.md': 'Projects',
      'apps/architect/vials/astronomer-vial/README.md': 'Vial: astronomer',
      'apps/architect/vials/data-scientist-vial/README.md': 'Vial: data scientist',
      'apps/architect/vials/validator-vial/README.md': 'Vial: validator',
      'apps/architect/vials/gateway-vial/README.md': 'Vial: gateway',
      'docs/formats.md': 'Formats',
      'docs/sources.md': 'Sources',
      'docs/data-plane.md': 'Bytes in and out',
      'docs/logs.md': 'Logs of jobs',
      'docs/validations.md': 'Have a result checked',
      'docs/rewards.md': 'Stakes and rewards',
      'docs/governance.md': 'Proposals and votes',
      'docs/toolsets.md': 'Fewer tools, or all',
      'docs/errors.md': 'Errors',
    },
  },
  {
    text: 'Operate',
    pages: {
      'docs/backup.md': 'Backup',
      'docs/settings.md': 'Settings',
      'docs/limits.md': 'Limits',
      'docs/models.md': 'Search models',
      'docs/worker.md': 'Workers',
      'docs/executors.md': 'Executors',
      'docs/mesh.md': 'Mesh',
      'docs/deploy.md': 'Containers, Kubernetes',
      'docs/observability.md': 'Observability',
      'docs/recovery.md': 'Recovery',
      'docs/sessions.md': 'Sessions',
      'docs/performance.md': 'Performance',
    },
  },
  {
    text: 'Secure',
    pages: {
      'docs/roles.md': 'Roles',
      'docs/policies.md': 'Policies',
      'docs/keys.md': 'Keys',
      'docs/audit.md': 'Audit',
      'docs/anomalies.md': 'Anomalies',
      'docs/threat-model.md': 'Threat model',
    },
  },
  {
    text: 'Extend',
    pages: {
      'ARCHITECTURE.md': 'Architecture',
      'CONTRIBUTING.md': 'Contributing',
      'docs/where.md': 'Where things go',
      'docs/handlers.md': 'Handlers',
      'docs/templates.md': 'Templates',
      'docs/project-checks.md': 'Checks of projects',
      'docs/testing.md': 'Tests',
    },
  },
  {
    text: 'Reference',
    pages: {
      'docs/command.md': 'The command, word by word',
      'docs/curator.md': 'Tools: Curator',
      'docs/sentinel.md': 'Tools: Sentinel',
      'docs/chancellor.md': 'Tools: Chancellor',
      'docs/architect.md': 'Tools: Architect',
      'docs/mechanic.md': 'Tools: Mechanic',
      'docs/librarian.md': 'Tools: Librarian',
      'apps/curator/README.md': 'Inside: Curator',
      'apps/sentinel/README.md': 'Inside: Sentinel',
      'apps/chancellor/README.md': 'Inside: Chancellor',
      'apps/architect/README.md': 'Inside: Architect',
      'apps/mechanic/README.md': 'Inside: Mechanic',
      'apps/librarian/README.md': 'Inside: Librarian',
      'apps/gateway/README.md': 'Inside: gateway',
      'apps/worker/README.md': 'Inside: worker',
      'libs/db/README.md': 'Inside: rows',
      'libs/blobs/README.md': 'Inside: bytes',
      'apps/curator/recorded/README.md': 'Recorded replies',
    },
  },
];

const LISTED = NAVIGATION.flatMap(({ pages }) => Object.keys(pages));

/** Pages that the Librarian does not answer from. */
export const morePages = (documents) => LISTED.filter((file) => !documents.includes(file));

/** @returns what is wrong, or nothing: a document that no group has, a page in two groups */
export const faultsOf = (documents) => [
  ...documents.filter((file) => !LISTED.includes(file)).map((file) => `${file}: in no group`),
  ...LISTED.filter((file, at) => LISTED.indexOf(file) !== at).map((file) => `${file}: twice`),
];
