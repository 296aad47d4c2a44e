// Sixty questions of newcomers, to measure with and never to tune on: not the ranking, the thesaurus, the confidence, nor the pages'
// other words. They were written from what each page is about, before any of them was asked, and labelled by reading the pages: any
// of a question's documents answers it completely, also where another says it in passing. Misspelt ones are meant to be.
import type { NewcomerQuestion } from './newcomer-questions.testing.js';

const CLI = 'apps/cli/README.md';
const COMMAND = 'docs/command.md';
const VIALS = 'apps/architect/vials';
const ASTRONOMER = `${VIALS}/astronomer-vial/README.md`;
const VALIDATOR = `${VIALS}/validator-vial/README.md`;
const TUTORIALS = 'docs/tutorials';
const CHANCELLOR = ['docs/chancellor.md', 'apps/chancellor/README.md'];
const CURATOR = ['docs/curator.md', 'apps/curator/README.md'];
const LIBRARIAN = ['docs/librarian.md', 'apps/librarian/README.md'];
const MECHANIC = ['docs/mechanic.md', 'apps/mechanic/README.md'];
const SENTINEL = ['docs/sentinel.md', 'apps/sentinel/README.md'];

const asked = (question: string, ...files: string[]): NewcomerQuestion => ({ question, files });

export const BLIND_QUESTIONS: readonly NewcomerQuestion[] = [
  // those who run it
  asked('ram usage when idle', 'docs/performance.md'),
  asked(
    'can I put uploaded files into an s3 bucket instead of the local disk',
    'docs/deploy.md',
    'docs/mesh.md',
    'docs/settings.md',
  ),
  asked('my script gets rate_limited all the time, when may it try agian', 'docs/limits.md', 'docs/errors.md'),
  asked('will jobs run if I install this on a Windows machine?', 'docs/worker.md'),
  asked(
    "We already have Grafana. Is there a ready-made dashboard, or do I have to build one for the lab's numbers myself?",
    'docs/observability.md',
    'docs/deploy.md',
  ),
  asked('forgot the passphrase of my backup, is everything gone', 'docs/backup.md'),
  asked('which version of postgres do i need for several servers', 'docs/mesh.md'),
  asked('the signing key leaked, whose sessions end when I replace it', 'docs/keys.md'),
  asked(
    'A student left yesterday - what do I switch off so that none of her keys works any more?',
    'docs/keys.md',
    COMMAND,
    ...SENTINEL,
  ),
  asked('what gets fixed automatically when something breaks during the night', 'docs/recovery.md'),
  asked('which attacks are you NOT protecting us against', 'docs/threat-model.md'),
  asked('how do i keep interns away from one particular tool until friday', 'docs/policies.md'),
  asked('I made a mess of the permissions, bring back how it was yesterday', 'docs/policies.md', ...SENTINEL),
  asked("a user is refused because his calls looked 'unusual', how do i let him back in", 'docs/anomalies.md'),
  asked('does the anomaly detection store what people type', 'docs/anomalies.md'),
  asked(
    'How could an outside auditor convince himself that nobody at the lab has rewritten the log afterwards?',
    'docs/audit.md',
    'apps/sentinel/README.md',
  ),
  asked('kubernetes production replicas and ingress', 'docs/deploy.md'),
  asked('acess token lifetime', 'docs/glossary.md', COMMAND, ...SENTINEL),
  asked('do all users have to reconnect when one of two gateways crashes', 'docs/sessions.md'),
  // data
  asked('can i upload an excel sheet', 'docs/formats.md', ...CURATOR),
  asked('my csv has 8 gigabytes, is that too big', 'docs/data-plane.md', 'docs/formats.md', 'docs/settings.md'),
  asked('wifi died in the middle of a big upload, do I start over?', 'docs/data-plane.md'),
  asked('do my decimals get rounded when I convert a file', 'docs/formats.md', ...CURATOR),
  asked('who besides me can look into my wallet', 'docs/roles.md', ...CHANCELLOR),
  asked('there is one wrong value in my published table. how to correct it', COMMAND, ...CURATOR),
  asked('combine two tables in one query', `${TUTORIALS}/analyse-solar-flares.md`, COMMAND, ...CURATOR),
  asked(
    'Our weather station has a little REST interface. What would I have to write so that its readings arrive in the lab on their own?',
    'docs/sources.md',
  ),
  asked('the provider renamed a column and since then nothing new comes in', 'docs/sources.md'),
  asked('is spacex data still being updated', 'docs/sources.md'),
  asked('who can see our nasa key', 'docs/sources.md', 'docs/keys.md'),
  asked('do I need real hardware for the telescope tutorial', `${TUTORIALS}/connect-a-telescope.md`, ASTRONOMER),
  asked('what happens if nobody checks my claim in time', 'docs/validations.md'),
  asked('why cant I see what result the other one claimed', 'docs/validations.md', VALIDATOR, ...CURATOR),
  // jobs
  asked('same script 200 times with diffrent learning rates', COMMAND, 'docs/mechanic.md'),
  asked('does a job have internet access', 'docs/worker.md', 'docs/executors.md', 'docs/mechanic.md', COMMAND),
  asked(
    'we own a slurm cluster, can the lab use it for its jobs',
    'docs/executors.md',
    `${TUTORIALS}/train-and-earn.md`,
  ),
  asked('run my docker image as a job', 'docs/executors.md', COMMAND),
  asked(
    'training was killed after 10 hours - does it begin from zero again?',
    'docs/worker.md',
    'docs/mechanic.md',
    COMMAND,
  ),
  asked('one guy is hogging all the gpus, is there some kind of fairness', ...MECHANIC),
  asked('do I pay for a job that fails', 'docs/mechanic.md'),
  asked(
    'why was more money taken at the start than the job really costs',
    `${TUTORIALS}/train-and-earn.md`,
    'docs/mechanic.md',
  ),
  asked('what my job printed two months ago, is that still there', 'docs/logs.md', 'docs/mechanic.md'),
  // money and votes
  asked('intrest on staked coins', 'docs/rewards.md'),
  asked('when do I get back what I staked', 'docs/rewards.md', ...CHANCELLOR),
  asked('what do I earn for confirming somebody elses result', 'docs/rewards.md', 'docs/validations.md', VALIDATOR),
  asked('can I change my vote later', 'docs/governance.md', 'docs/chancellor.md'),
  asked('how many have to take part so that a vote is valid', 'docs/governance.md'),
  asked('maximum i can spend in one day', 'docs/chancellor.md', COMMAND),
  // knowledge and the assistant
  asked('does the librarian just invent things like a chatbot', 'apps/librarian/README.md'),
  asked('can it search our pdf manuals', COMMAND, ...LIBRARIAN),
  asked('wich llm can i plug in', 'docs/assistant.md', COMMAND, ...LIBRARIAN),
  asked(
    'will the chatbot start jobs or spend money without asking me first?',
    'docs/assistant.md',
    'apps/chat/README.md',
  ),
  asked('can my boss read my chats', 'docs/assistant.md'),
  asked(
    'The search only finds pages with the very same words. Is there a way to make it understand what I mean?',
    'docs/models.md',
  ),
  // those who write code
  asked('show a progress bar while my tool works', 'docs/handlers.md'),
  asked("my tool should ask 'are you sure' before it deletes something", 'docs/handlers.md'),
  asked('the model gets confused by the long list of tools, can it be shorter', 'docs/toolsets.md'),
  asked('my own template needs an api key from whoever uses it, how does it ask for that', 'docs/templates.md'),
  asked(
    'does an update overwrite files that I edited in my project',
    'docs/projects.md',
    'docs/architect.md',
    'apps/architect/README.md',
  ),
  asked('tab completion for the labmesh command', COMMAND, CLI),
];
