// What newcomers ask about LabMesh in their own words, each with the installed documents that answer it. Written before the ranking
// was tuned; the held-out ones are only measured, never tuned on.

export interface NewcomerQuestion {
  readonly question: string;
  /** Any of these answers it. */
  readonly files: readonly string[];
}

const CLI = 'apps/cli/README.md';
const VIALS = 'apps/architect/vials';
const ASTRONOMER = `${VIALS}/astronomer-vial/README.md`;
const SCIENTIST = `${VIALS}/data-scientist-vial/README.md`;
const VALIDATOR = `${VIALS}/validator-vial/README.md`;
const GATEWAY = `${VIALS}/gateway-vial/README.md`;
const CHANCELLOR = ['docs/chancellor.md', 'apps/chancellor/README.md'];
const CURATOR = ['docs/curator.md', 'apps/curator/README.md'];
const MECHANIC = ['docs/mechanic.md', 'apps/mechanic/README.md'];
const SENTINEL = ['docs/sentinel.md', 'apps/sentinel/README.md'];
const COMMAND = 'docs/command.md';
const TELESCOPE = 'docs/tutorials/connect-a-telescope.md';
const FLARES = 'docs/tutorials/analyse-solar-flares.md';
const TRAINING = 'docs/tutorials/train-and-earn.md';
const AGENT = 'docs/tutorials/add-an-agent.md';

const asked = (question: string, ...files: string[]): NewcomerQuestion => ({ question, files });

export const NEWCOMER_QUESTIONS: readonly NewcomerQuestion[] = [
  asked('How do I connect my telescope?', TELESCOPE),
  asked('What do I type to get the lab going on my laptop?', 'README.md', 'docs/running.md'),
  asked('How do I turn it off without losing anything?', 'docs/running.md'),
  asked('Can I use it from VS Code?', 'README.md', CLI, COMMAND, SCIENTIST),
  asked('How do I hook up Claude to this?', 'README.md', CLI, COMMAND, SCIENTIST),
  asked('I lost my operator token, what now?', 'docs/running.md', 'docs/keys.md'),
  asked('Somebody put one of our keys on GitHub, what should I do?', 'docs/keys.md'),
  asked('How can a colleague on another computer reach my lab?', 'docs/running.md'),
  asked('How do I save a copy of everything in case the disk dies?', 'docs/backup.md', 'docs/running.md'),
  asked('How do I bring a saved lab back?', 'docs/backup.md', 'docs/running.md', COMMAND),
  asked('How do I move to a newer release of LabMesh?', 'docs/running.md'),
  asked('What on earth is a vial?', 'docs/glossary.md', 'docs/templates.md', 'apps/architect/README.md'),
  asked('What is a citizen allowed to do?', 'docs/roles.md'),
  asked('How do I give somebody another role?', 'docs/policies.md', COMMAND, ...SENTINEL),
  asked('What is webxos, is it real money?', 'docs/glossary.md'),
  asked('How do I pay another person?', ...CHANCELLOR, COMMAND, CLI),
  asked('I paid the wrong wallet, can I get the money back?', ...CHANCELLOR, COMMAND),
  asked('What does it cost to train something on the lab?', TRAINING, ...MECHANIC),
  asked('Why is my job still waiting?', ...MECHANIC, COMMAND, SCIENTIST),
  asked('How do I add another computer with a GPU to run jobs?', 'docs/worker.md'),
  asked('What happens to my job if the machine it runs on crashes?', 'docs/worker.md', ...MECHANIC),
  asked('Where can I see what my job printed?', 'docs/logs.md', ...MECHANIC, COMMAND),
  asked('How do I download the files that a job left behind?', 'docs/logs.md', COMMAND, TRAINING, ...MECHANIC),
  asked('Can the code in my job reach the internet?', 'docs/executors.md', 'docs/worker.md'),
  asked('Is there a Docker setup?', 'docs/deploy.md', 'README.md'),
  asked('How do I run this on Kubernetes?', 'docs/deploy.md'),
  asked('How do I spread the agents over several servers?', 'docs/mesh.md', 'docs/deploy.md'),
  asked('Which environment variables can I set?', 'docs/settings.md'),
  asked('Port 3000 is already used by something else', 'docs/running.md'),
  asked('Which kinds of files can I put in as data?', 'docs/formats.md', ...CURATOR),
  asked('How do I upload a really big file?', 'docs/data-plane.md'),
  asked('How do I get data from NASA?', 'docs/sources.md', ASTRONOMER, FLARES, ...CURATOR),
  asked('How do I add a web API of my own that data is pulled from?', 'docs/sources.md'),
  asked('Does it work without internet access?', 'docs/sources.md', 'docs/running.md'),
  asked('Can I write SQL against a dataset?', ...CURATOR, 'docs/formats.md', COMMAND, FLARES),
  asked('Will big numbers stay exact when I convert CSV to Parquet?', 'docs/formats.md', ...CURATOR),
  asked('Can other people see the data that I put in?', 'docs/roles.md', ...CURATOR, 'docs/threat-model.md'),
  asked('How do I get rid of a dataset?', ...CURATOR, COMMAND),
  asked(
    'What gets written down about each call that I make?',
    'docs/audit.md',
    'ARCHITECTURE.md',
    'docs/glossary.md',
    ...SENTINEL,
  ),
  asked('How can I prove that nobody changed the log afterwards?', 'docs/audit.md'),
  asked('Does the lab notice when an account suddenly behaves strangely?', 'docs/anomalies.md', ...SENTINEL),
  asked('What could a hacker do who takes over one of the agents?', 'docs/threat-model.md'),
  asked('How do I suggest a change and have people vote on it?', 'docs/governance.md', ...CHANCELLOR),
  asked('How much do I earn when I stake my coins?', 'docs/rewards.md'),
  asked('How many requests per second may I send?', 'docs/limits.md'),
  asked('What does the error rate_limited mean?', 'docs/errors.md', 'docs/limits.md'),
  asked('My assistant is overwhelmed by all these tools, can I show it fewer?', 'docs/toolsets.md'),
  asked('How do I write a new tool?', 'CONTRIBUTING.md'),
  asked('How do I run the test suite?', 'README.md', 'docs/testing.md', 'CONTRIBUTING.md'),
  asked('How do I begin a new project from one of the templates?', 'docs/projects.md', 'docs/architect.md', COMMAND),
  asked('How do I make my own template for others to use?', 'docs/templates.md'),
  asked('If a template is updated, will it overwrite what I edited?', 'docs/projects.md'),
  asked(
    'Where do passwords go in a project so that they do not end up in git?',
    'docs/projects.md',
    'docs/templates.md',
  ),
  asked('How do I get graphs of what is going on in Grafana?', 'docs/observability.md', 'docs/deploy.md'),
  asked('How fast is the whole thing?', 'docs/performance.md'),
  asked('How does the search decide what to show me?', 'apps/librarian/README.md'),
  asked(
    'Can I write down how I fixed something so that others find it?',
    'docs/librarian.md',
    'apps/librarian/README.md',
  ),
  asked('How do I make a video of the night sky from my pictures?', ASTRONOMER),
  asked('Does it repair itself when a service dies?', 'docs/recovery.md', ...MECHANIC),
  asked('How do I get tab completion in my shell?', COMMAND, CLI),
];

export const HELD_OUT_QUESTIONS: readonly NewcomerQuestion[] = [
  asked('Which version of Node do I need?', 'README.md', 'docs/testing.md', 'ARCHITECTURE.md'),
  asked('The link to sign in does not work any more', 'docs/running.md', COMMAND, 'docs/keys.md', ...SENTINEL),
  asked(
    'What is the difference between a client key and an access token?',
    'docs/glossary.md',
    'docs/keys.md',
    ...SENTINEL,
    'ARCHITECTURE.md',
  ),
  asked('How long does a key stay good?', 'docs/keys.md', 'docs/glossary.md', ...SENTINEL, 'ARCHITECTURE.md'),
  asked('Can I stop a wallet from spending anything?', ...CHANCELLOR, COMMAND),
  asked('How do I get a list of my payments for the accountant?', ...CHANCELLOR, COMMAND, CLI),
  asked('Whose job runs first when the machines are busy?', ...MECHANIC),
  asked(
    'How do I take a machine out of service for maintenance?',
    ...MECHANIC,
    'docs/worker.md',
    COMMAND,
    'docs/recovery.md',
  ),
  asked('How much memory may my job take?', 'docs/worker.md', 'docs/executors.md', ...MECHANIC),
  asked(
    'My training was killed because it ran out of memory',
    SCIENTIST,
    'docs/worker.md',
    'docs/executors.md',
    ...MECHANIC,
  ),
  asked('Do I need a graphics card to try the neural network?', SCIENTIST, TRAINING),
  asked('How do I check that my table has the right columns?', ...CURATOR, COMMAND),
  asked('What if a website that we pull data from renames a column?', 'docs/sources.md'),
  asked('Where do I put my NASA API key?', 'docs/sources.md', ASTRONOMER, COMMAND),
  asked('What happens if I lose the master key?', 'docs/keys.md', 'docs/backup.md'),
  asked('How are votes counted?', 'docs/governance.md', ...CHANCELLOR),
  asked('How do I get paid for the work I do here?', 'docs/rewards.md', VALIDATOR, TRAINING, ...CHANCELLOR),
  asked('Can a tool ask the user something while it runs?', 'docs/handlers.md'),
  asked('How do I report progress from a long running tool?', 'docs/handlers.md'),
  asked('In which folder should new code live?', 'docs/where.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md'),
  asked('What database is underneath?', 'ARCHITECTURE.md', 'docs/settings.md', 'docs/mesh.md'),
  asked('How do I find out why a request was slow?', 'docs/observability.md', 'docs/performance.md'),
  asked('How do I find the right tool among so many?', 'docs/toolsets.md'),
  asked('What happens when one of the agents is down?', 'docs/toolsets.md', 'docs/recovery.md', 'ARCHITECTURE.md'),
  asked('Can I show my telescope pictures in a live stream?', ASTRONOMER),
  asked('How do I check other peoples data and tell about mistakes?', VALIDATOR),
  asked('I want to build my own agent outside of the lab', GATEWAY, AGENT),
  asked('Did I accidentally commit a secret?', 'docs/keys.md', COMMAND, 'docs/project-checks.md', ...SENTINEL),
  asked('Is my project set up correctly?', 'docs/project-checks.md', 'docs/projects.md', COMMAND),
  asked('Can you encrypt something for me?', ...SENTINEL),
  asked('Who may read the audit log?', 'docs/audit.md', 'docs/roles.md', ...SENTINEL),
  asked('How do I log in on the command line?', CLI, COMMAND),
  asked('What do the exit codes mean?', 'docs/errors.md', CLI),
  asked('How long do the tests take?', 'docs/testing.md', 'CONTRIBUTING.md', 'docs/performance.md'),
  asked('Who can block what a role may normally do?', 'docs/policies.md', 'docs/roles.md'),
  asked(
    'What is stored in the cloud and what on my disk?',
    'docs/settings.md',
    'docs/running.md',
    'ARCHITECTURE.md',
    'docs/data-plane.md',
  ),
  asked('Do sessions survive when the gateway restarts?', 'docs/sessions.md', 'apps/gateway/README.md'),
  asked('What can I do in the browser?', 'apps/chat/README.md'),
  asked('How do I train a model on my own data?', SCIENTIST, TRAINING),
  asked('How is my code kept away from the other jobs?', 'docs/executors.md', 'docs/worker.md', 'docs/threat-model.md'),
];

/** Questions of other fields, some with words that LabMesh uses too: nothing installed answers them. */
export const OTHER_FIELDS: readonly string[] = [
  'How long do I boil an egg so that the yolk stays soft?',
  'What can I use instead of butter in a cake?',
  'How do I keep rice from sticking to the pan?',
  'Which wine goes with roast lamb?',
  'How do I proof sourdough bread overnight in the fridge?',
  'Who won the football world cup in 1998?',
  'What is the offside rule in football?',
  'How many players are on a volleyball team?',
  'Which club did the goalkeeper transfer to last summer?',
  'How do I train for my first marathon?',
  'Can my landlord raise the rent without notice?',
  'How do I contest a parking ticket in court?',
  'What is the statute of limitations for fraud?',
  'Do I need a lawyer to write a will?',
  'Can I break my lease if I lose my job?',
  'What are the side effects of ibuprofen?',
  'How is high blood pressure treated?',
  'When should a child get the measles vaccine?',
  'Can I take antibiotics with alcohol?',
  'How do I treat a sprained ankle?',
  'How do I prune roses in winter?',
  'When do I plant tomatoes outside?',
  'Why are the leaves of my houseplant turning yellow?',
  'How do I get a wine stain out of a carpet?',
  'What is the capital of Mongolia?',
  'Who painted the ceiling of the Sistine chapel?',
  'When did the Roman empire fall?',
  'How do I change the oil of a motorcycle?',
  'Which tyres are best on snow?',
  'How do I fold a paper crane?',
  'How do I tune a violin?',
  'Which chords are in a blues in A minor?',
  'How do I get a mortgage with bad credit?',
  'What is the tax rate on dividends?',
  'How do I house train a puppy?',
  'Why does my cat scratch the sofa?',
  'What should I pack for two weeks in Iceland?',
  'How do I say thank you in Japanese?',
  'How do I remove a tree stump from the garden?',
  'How do I knit a scarf with cables?',
];
