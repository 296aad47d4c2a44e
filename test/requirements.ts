// What LabMesh promises, each with an id that a story cites. A test fails for an id that nothing cites.
import { test } from 'vitest';

export const REQUIREMENTS = {
  'start:ready':
    'One command brings the lab up and says where it is, where the operator’s token is and what to type next.',
  'start:refusals':
    'A second lab on the same folder, a busy port, an unwritable folder and wrong settings are refused with what to do.',
  'restart:nothing-lost':
    'After kill -9 and a new start, wallets, balances, datasets, solutions and the audit log are all there.',
  'roles:listed-is-callable':
    'A wallet that wants all tools sees those that its role allows and no others; what it does not see then is refused with a reason.',
  'knowledge:citations':
    'The Librarian answers from the documents, and every citation is the exact span of a file that opens.',
  'agents:who-can-help':
    'Whoever says what they want to do is told the tool and the agent for it, whether it is up, and which permission they lack.',
  'knowledge:solution': 'A logged solution is found at once.',
  'knowledge:collections':
    'A collection is its owner’s alone until an operator shares one: to everybody else its documents are in no answer, list or resource, as if they did not exist.',
  'knowledge:ingested':
    'What is brought again is cited as it is now and no longer as it was, at every replica; what was removed is cited no more.',
  'knowledge:proved':
    'Each sentence of an answer has the exact place that it is quoted from: file, version, headings, line, span, and a link that opens.',
  'knowledge:refused': 'What the knowledge base does not know it says, and presents nothing as an answer.',
  'knowledge:narrowed':
    'A question may ask some collections and a range of time; an empty list of collections is refused, and widens nothing.',
  'knowledge:project':
    'A question, a list of collections and one of solutions may be of a project: of its texts as they are now, and what was brought and logged for it. Another’s project is refused as one that does not exist.',
  'knowledge:code':
    'Where LabMesh’s sources are installed, a question of the code is answered from their comments, each with the file, line, symbol and exact span that it stands at.',
  'knowledge:follow-up':
    'A question that means what was asked before finds it; one that stands by itself is answered as if nothing had been.',
  'knowledge:respelled':
    'A misspelt question is answered as it was meant, and says how it was read; a name that nothing holds stays as it is.',
  'knowledge:accepted':
    'A solution is logged once, found, voted for by others, and accepted once by a validator: its author is paid one reward, and nobody speaks for their own.',
  'conversations:private':
    'A conversation is its wallet’s alone: to everybody else its ids, words and counts are as if it did not exist.',
  'conversations:tree':
    'Messages of a conversation are a tree: an edited question and a second answer are branches, each is there once however often and however much at once it is sent, and nothing hangs in the air.',
  'conversations:kept':
    'A conversation is found by its words, renamed, exported whole and deleted, with a model or without one.',
  'assistant:answers':
    'A model that the operator connects answers in a conversation, piece by piece, for whoever asks and whoever follows; tools that it wants are run by the client, never by the lab.',
  'assistant:key':
    'The key of a model is in no answer, error, log or audit record, and goes to no other place than it was set for.',
  'assistant:stopped':
    'Whoever goes away or stops an answer ends the provider’s request and keeps what had come; the next question at once leaves one root and no double.',
  'assistant:crashed':
    'An answer whose process is killed is told as failed, with what had come of it: none is being written for ever.',
  'assistant:data':
    'What tools answer and documents say reaches a model between marks that nobody else knows, as data: it calls no tool and starts nothing.',
  'command:assistant':
    'The command connects a model with a key from standard input or a file, asks it, and lists, shows, exports and deletes conversations.',
  'knowledge:model':
    'An operator’s sentence encoder ranks beside words at every replica, private passages are found by their readers alone, and without it all is as it was.',
  'command:models':
    'A sentence encoder is taken in from a folder or an archive, used, listed and removed by the command.',
  'command:knowledge':
    'Files are taken into the knowledge base, for a project too, asked, listed and removed by the command.',
  'knowledge:errors':
    'An error text or a job’s log is told by its events, their code and causes, how often they were before and what solves them; of another wallet’s errors nothing shows, and the operator sees the lab’s.',
  'knowledge:errors-logged':
    'What an agent or a worker logs as an error is told to the mesh: the operator finds its kind, how often and where, and nobody else does.',
  'data:round-trip':
    'The solar-flare dataset validates, and survives the way to Parquet and back without a difference.',
  'data:versions':
    'A dataset is stored once, has versions that stay readable, tells who follows it of a new one, is found by words and facets, and is gone when it was withdrawn.',
  'bytes:in-and-out':
    'A file is uploaded in pieces that may be cut, becomes a dataset of its wallet’s, and comes back by a link, whole or in part; another wallet sees none of it.',
  'bytes:bounded':
    'What is too large, too much for its wallet or not its right to bring is refused before a byte is taken.',
  'bytes:any-size':
    'Data that is larger than memory is given becomes a dataset, is asked, read by the page and turned into another format; wrong data is refused by its row, and nothing of it stays.',
  'bytes:any-replica':
    'An upload goes on at any gateway, also when the one that had it is killed; of two pieces at once one is written.',
  'data:queried': 'SQL over several datasets answers exact values with their types, page by page, each row once.',
  'data:query-bounds':
    'SQL reads no file, no network and no dataset of another wallet, and writes nothing; what runs away is ended at its time limit, even when it ignores an interrupt, and the lab goes on.',
  'data:looked-into':
    'A dataset is profiled as data and as a picture; rules that fail, and rules that cannot be checked, are reported beside each other; two datasets are compared; an answer of SQL is kept.',
  'data:formats':
    'Rows survive the way through every format that holds them; what another cannot hold is refused, or told by column.',
  'money:transfer': 'A transfer moves money once: both balances show it, and a repeated key moves nothing.',
  'dao:decided':
    'Members stake, propose a change of a rule, vote with their stakes, wait, and carry it out once: the new rule pays a contributed dataset, once.',
  'dao:refusals':
    'A proposal without power or out of bounds, a vote outside its time and a change of parameters by whoever may not are refused with the reason; the operator can cancel.',
  'money:rewards':
    'A contributed dataset is paid for once, its content once, and what is staked is out of the balance until it was asked back.',
  'data:validated':
    'A claim is measured by others who do not see its value; those who first agree confirm or refute it and are each paid once, everybody else is not, and who asked never reports.',
  'data:validation-private':
    'A claim about data that a wallet may not read is not there for it; what its owner shares for a validation is readable until that ends, in that version alone.',
  'data:validation-followed':
    'Whoever follows a claim that they may read is told when it is reported on and when it ends, and reads then what is theirs to see.',
  'data:validation-crash':
    'A Curator that is killed right after a claim was settled loses nothing: each of those who agreed is paid once.',
  'command:validation': 'Claims are asked for, listed, shown and taken back by the command.',
  'money:statement':
    'A statement comes down as a file, whole, for the wallet and for the operator, and for nobody else.',
  'audit:live':
    'Who may read the audit log sees each record within a second as an event; a stream that was cut goes on without a gap or a double, and ends with the right to it.',
  'audit:every-call':
    'Every call, allowed or refused, is in the audit log with who, what, decision, outcome, time and hashes, and no argument.',
  'anomaly:found':
    'A wallet whose calls are unlike ordinary work is found within seconds and answered as the policy says; the operator sees why and lets it in again within a second. Ordinary calls raise nothing.',
  'access:decided':
    'Other systems of the lab ask the Sentinel for decisions as the AuthZEN 1.0 API has it; a wallet is told why it may or may not, and what would change it.',
  'audit:provable':
    'Each result carries a receipt; that its call is in the log, and that the log only grew, is shown by files and a public key alone, and any change to them is found.',
  'health:true': 'System health reports the services, database, queue and bus as they are.',
  'resources:read':
    'Datasets, wallets, templates, documents and agents are resources: what is listed can be read, text as text and bytes as bytes.',
  'resources:owned': 'Another wallet’s dataset or wallet is neither listed, nor completed, nor read.',
  'resources:refusals': 'Unknown addresses, prompts, arguments and cursors get the specified code.',
  'resources:roles':
    'A wallet sees the resources and prompts its rights allow and no others; the rest is refused and recorded.',
  'resources:one-dead-agent': 'An agent that does not answer hides its own resources and nobody else’s.',
  'prompts:work': 'Each prompt speaks of tools that its reader has; arguments complete where the values are known.',
  'agents:live': 'The manifest shows every agent as it answers now; one that is gone is shown as down.',
  'agents:own-endpoint': 'Each agent has its own MCP endpoint, with its plain tool names.',
  'resources:followed':
    'Who follows a resource hears that it changed; who may not read it hears nothing, in both protocol eras.',
  'sessions:any-replica':
    'A session opened at one gateway is served, ended, and unknown to other wallets, at every gateway.',
  'sessions:follow': 'A resource followed through one gateway is told on the stream that another one holds.',
  'sessions:survive':
    'When the gateway that holds a stream is killed, its client goes on with Last-Event-ID at another one and misses nothing.',
  'mesh:replicas': 'Two replicas of an agent share its calls; when one dies the other answers.',
  'catalogue:follows':
    'The list of tools follows agents that come and go within a second, and listeners of both protocol eras hear of it.',
  'catalogue:dead-agent':
    'The tools of an agent that is gone or frozen are marked and refused at once; other agents’ tools are not affected.',
  'catalogue:everyday':
    'The gateway lists the everyday tools, finds and calls the others by name, lists all that may be called where all is wanted, and an agent’s own endpoint all of that agent, in both protocol eras.',
  'toolsets:restrict': 'A connection that chooses toolsets lists and calls these tools only, in both protocol eras.',
  'search:finds': 'search_tools finds the tools that fit an intent among those the caller may use, and is audited.',
  'command:solutions':
    'The labmesh command writes down a solution once, finds, shows, votes for and accepts it, and says why it may not.',
  'command:explained':
    'The labmesh command explains an error of a file, a pipe or a job: its events, whether they were seen before, known solutions, and the place in one’s own code.',
  'command:works':
    'The labmesh command does on the lab’s own machine, without any setting, what people need every day.',
  'command:signed-in':
    'One sign-in by key or link serves every command on the machine, renews itself, is readable by its person alone, and ends with logout.',
  'command:renewed-once':
    'When an access token has ended, any number of commands at once renew it once; the one that renews may be killed at any moment, and all others succeed.',
  'command:money':
    'The labmesh command opens, shows, freezes and closes wallets, sends, holds, reverses and pays by file, once a key, writes histories and statements, checks the books, and says why it cannot.',
  'command:dao':
    'The labmesh command shows, makes, votes on, cancels, queues and executes proposals, delegates votes and sets parameters, and says why it cannot.',
  'command:sources':
    'A source is added by its manifest, given a key, tested, fetched and removed from the command line; the key is in no output.',
  'command:data':
    'The labmesh command finds, asks, checks, converts, changes, moves and withdraws datasets, whole or not at all, and says why it cannot.',
  'command:projects':
    'The labmesh command makes a project in a folder with a key of its own, runs programs in it with its secrets, brings it to a newer template without losing an edit, and deletes it with its key.',
  'command:templates':
    'The labmesh command publishes a template for the operator, once a version; a secret in one is refused with its file and line.',
  'command:connected':
    'What the labmesh command writes into the settings of each AI client connects that client, with a key of its own that ends when it is taken out again.',
  'command:guarded':
    'The labmesh command shows and gives roles, says why a tool may be used, tries, sets and sets back policies, and shows and resolves anomalies.',
  'command:tried':
    'What withdraws tokens or changes the database says beforehand what it would do, and does nothing then.',
  'wire:errors': 'Every malformed request gets the specified status and code.',
  'wire:clients': 'The official clients of both protocol eras list and call through the gateway.',
  'wire:conformance':
    'What the official conformance suites call works through the gateway in both protocol eras; `npm run conformance` runs the suites.',
  'wire:cancel': 'A client that closes its call ends the agent’s work within 100 ms, in one process and over NATS.',
  'wire:same-as-agent':
    'A session through the gateway has the same answers, to the byte but for declared rewrites, as at the agent’s own endpoint.',
  'wire:fuzz':
    'Whatever bytes arrive, the lab lives, answers with a declared status and shape, and never with another caller’s data.',
  'auth:tokens':
    'No token, an expired, foreign or unsigned one gets 401 with a challenge; a wallet’s token does what its wallet may.',
  'see:trace':
    'One call leaves one trace with linked spans of gateway and agents, errors marked; nothing a caller sent is in it.',
  'see:metrics': 'Odd requests make no new label, and the dashboard asks only for metrics that exist.',
  'see:no-secret': 'Secrets fed in everywhere are in no log line, metric or audit record, at debug level too.',
  'policy:everywhere':
    'A rule that the operator sets refuses at the gateway and at an agent’s own endpoint within a second, its tools leave the lists, listeners hear of it, and restoring brings all back.',
  'policy:listed-is-callable':
    'For every role, tool and toolset, at every endpoint and under any policy: what is listed is callable, what may be called is what rights and toolset allow, and all else is refused with the reason.',
  'policy:late':
    'A process that starts after a policy was set, or was away meanwhile, decides by it; so does every replica of the Sentinel.',
  'policy:tried':
    'A dry run changes nothing and tells which recorded calls would be decided otherwise; a policy that locks out or overwrites is refused.',
  'roles:changed':
    'A wallet that gets another role has no more than that role everywhere within a second; its keys and sign-ins go on working.',
  'tokens:revoked': 'A token that is withdrawn works no more within a second, in both modes, open streams included.',
  'tokens:renewed':
    'A program renews its access token for 30 days, and may repeat a renewal whose answer was lost; a refresh token that comes twice otherwise ends all that came from it.',
  'tokens:audience': 'A token that is bound to the gateway or to one agent’s endpoint is refused everywhere else.',
  'tokens:leaked':
    'A key that leaked into files is found without the lab, told to it by its hash alone, and withdrawn.',
  'mesh:up':
    '`npx @labmesh/cli up` starts a mesh of processes, each with its own rights, brings back what ends, and `down` leaves nothing.',
  'trust:stolen-pass': 'A pass is of no use at another agent than its own, at the gateway, or to make another one.',
  'trust:old-pass': 'A pass is refused after its minute.',
  'trust:needs': 'An agent calls the tools of others that its contract names, and no others.',
  'trust:stray-agent':
    'An agent hears, tells, asks and reads at the broker and in the database what its contract says; all else is refused.',
  'trust:ownership':
    'No tool, resource or prompt gives a wallet anything of another wallet, but for what is meant to be shared.',
  'keys:signing':
    'The signing key is changed under load: both keys are published, the new one signs, and no call is refused.',
  'keys:leaked': 'What a leaked signing key signed is believed no more; client keys go on.',
  'keys:master':
    'The master key is changed under load: all that is sealed opens under the new one, and nothing is lost.',
  'sources:added':
    'The operator adds a source by its manifest, sets its key and tests it; a wrong manifest is refused with its line.',
  'sources:fetched':
    'A researcher fetches a stream of a source into a dataset, and more of it later: each record once, whatever the source does meanwhile.',
  'sources:key': 'The key of a source is in no answer and no audit record.',
  'sources:withdrawn':
    'A dataset of the lab that an operator withdraws is read by nobody, and its card leaves the knowledge base; fetched again, both are back.',
  'sources:removed': 'A source that is removed is fetched from no more; its datasets stay.',
  'routes:delivered':
    'A dataset of the lab that lands is given to the agents that want it: the knowledge base knows it by its card.',
  'routes:set': 'The operator switches a route off, sets another, and has it send again what fits.',
  'demo:found':
    'A lab of recorded data has datasets of its sources from its start, marked as such, found by words and facets.',
  'demo:fetched': 'New months of a source become a version, once, and what changed since the version before is told.',
  'demo:asked': 'A dataset is profiled, and two are asked together in SQL: the answer is what counting by hand gives.',
  'demo:taken-along':
    'An answer of SQL is kept as Parquet, and comes down whole beside MCP to whoever may read it, and to nobody else.',
  'demo:contributed':
    'A contribution is told to the lab once, and paid once, however often and under whatever name a wallet sends it.',
  'demo:pictured': 'In the place of a picture that nobody recorded there is a test card that says so.',
  'jobs:followed':
    'Whoever follows a job has every byte it wrote once and in order, through its last word, however often the connection is lost; to another wallet the log does not exist.',
  'jobs:left':
    'What a job leaves is listed and comes down beside MCP, in parts too, to whoever may read the job; its attempts are one log.',
  'jobs:told': 'Who follows the resource of a log hears that there is more, about once a second.',
  'jobs:stream-ends': 'A stream of a log ends with the credential that it was opened with.',
  'jobs:settled':
    'A job’s most is held at its submission; at its end its cost is taken, the rest is back, and its reward is paid, each once. Without money there is no job.',
  'jobs:resumed':
    'A training on the lab’s data whose worker is killed with -9 goes on once from its last checkpoint; its follower has every byte of both attempts, its model is the one of an undisturbed run, it costs exactly the attempt that ended by itself, and its reward is paid once.',
  'jobs:outlive':
    'A lab under load that is killed with -9 again and again has each job end once, succeeded once; what its nodes have is never given twice and comes back, and no money stays held.',
  'jobs:outlive-mesh':
    'In a mesh whose Mechanic and worker are killed with -9 again and again under load each job ends once, succeeded once, none is lost, and no money stays held.',
  'jobs:start-killed':
    'At whatever instant between the submission of a job and its start its worker is killed with -9, the job ends once when the lease has, and the only place that there is goes to the next.',
  'jobs:swept':
    'One submission of an array is a job for each of its runs, with its number and its values, never more at once than was asked, with a log of its own; what waits for all of them begins after the last, and each is paid for by itself.',
  'jobs:sweep-ended':
    'An array is ended as a whole by its id, and its money comes back; one that its wallet cannot pay for is not there at all.',
  'jobs:engines':
    'A job of each executor is followed from its submission to its end mark; what it leaves comes back byte for byte, its cost is exact, the rest of its hold is back, and its reward is paid once.',
  'jobs:engine-array':
    'Each run of an array at Slurm finds its place in the variables that scripts for sbatch --array read, ends for itself, and is paid for by itself.',
  'jobs:trains':
    'Who follows docs/tutorials/train-and-earn.md trains a model on the lab’s data, in an environment that the lab makes, with its checkpoints, metrics and their curve kept, and is paid for it; on a Slurm cluster they learn the same.',
  'tutorials:flares':
    'Who follows docs/tutorials/analyse-solar-flares.md finds flares, fetches, profiles and joins them without a key or the internet, and takes them along.',
  'tutorials:telescope':
    'Who follows docs/tutorials/connect-a-telescope.md moves a simulated telescope over ASCOM Alpaca and has a frame of its camera.',
  'tutorials:agent':
    'Who follows docs/tutorials/add-an-agent.md has an agent beside the lab that knows its callers and answers with a tool of its own.',
  'jobs:chains':
    'A job that fails ends everything that waits for its success; one that is cancelled ends within its grace, once, and its money comes back.',
  'projects:summarized':
    'A project is summarized from its code: its purpose, entry point and how to run it, each with the lines that say so; nobody else’s is.',
  'projects:told-by-model':
    'A model that the operator connected tells a project in its words too, each with lines of its files; what these do not bear out is left out and counted, and without the model the summary is there all the same.',
  'projects:made':
    'A template becomes a project: a dry run tells its files, the same again is the same project, and its archive comes down to its owner and to nobody else.',
  'projects:updated':
    'A project is brought to a newer version of its template: edits and deletions stay, a secret is asked for once and is on no disk.',
  'projects:on-disk':
    'A project on the lab’s disk names a key in a file beside it, good for its template’s tools alone, which ends with the project.',
  'projects:followed': 'Who follows their projects hears when one is started or deleted, and can follow nobody else’s.',
  'projects:killed': 'Of a lab that is killed while it makes projects, every project is whole or not there.',
  'projects:once':
    'Of several that make one project at once, at any replica, one makes it; the others are told, or have the same.',
  'projects:shared-disk':
    'Replicas of the Architect with one disk for projects place them side by side: either lists, reads and deletes what the other made.',
  'projects:checked':
    'A project is looked through where it is, mended where that is safe, and told rule by rule with file and line; while the largest is looked through, others are served.',
  'templates:published':
    'The operator publishes a template: everybody can read it, and whoever follows the list of resources hears of it.',
  'recovery:asked':
    'The operator sees what the lab would do about trouble, has it done, and says what it may do by itself; nobody else may.',
  'monitoring:written':
    'A configuration and rules of Prometheus for the lab are written for whoever operates it, with secrets named by file alone.',
  'auth:sign-in': 'A sign-in link works once.',
  'auth:page-session':
    'The page stays signed in by a cookie that no script reads and no other site sends; a copy of it, or signing out, ends all that came of the sign-in.',
  'limits:calls':
    'A wallet that calls too often, or too much at once, is told when to come back, as a tool error; other wallets notice nothing.',
  'limits:requests': 'Lists beyond a wallet’s rate get 429 with Retry-After.',
  'limits:guessing': 'An address that keeps failing to sign in gets 429 with Retry-After; who is known there works on.',
  'limits:bounded-log': 'A flood of refusals is counted whole, and recorded in a bounded number of audit records.',
  'limits:shared': 'Gateway replicas share a wallet’s limits.',
  'backup:whole':
    'A lab is written into one file while people pay each other, as it was at one instant; brought into an empty place, balances, bytes, jobs, keys and the audit log are as they were.',
  'backup:any-database': 'A lab moves between the embedded database and PostgreSQL without a row that differs.',
  'backup:damage':
    'A backup that is cut, edited, incomplete, of another version or sealed under another passphrase is refused, and nothing is touched.',
  'backup:refusals':
    'Only the operator carries a lab; keys are never written without a passphrase; neither a file nor a lab that is there is replaced.',
  'backup:killed': 'A restore that is killed leaves a lab that refuses to start and says so; begun again it goes on.',
  'drain:agent': 'An agent replica that is stopped and started again under load fails no call.',
  'drain:gateway': 'A gateway that is stopped under load answers every request that it took.',
} as const;

export type Requirement = keyof typeof REQUIREMENTS;

/** A test that shows a requirement. */
export const verifies = (id: Requirement, run: () => Promise<void>): void => test(`${id}: ${REQUIREMENTS[id]}`, run);
