// The Chancellor's tools for governance: proposals, votes, delegation, parameters. Part of the contract in chancellor.ts.
import { z } from 'zod';
import { IdempotencyKey } from './chancellor-ledger.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Amount, Timestamp, WalletId, words } from './values.js';

export const VOTING_SYSTEMS = ['basic', 'single', 'approval', 'weighted', 'quadratic', 'ranked', 'copeland'] as const;
export type VotingSystem = (typeof VOTING_SYSTEMS)[number];

/** As OpenZeppelin's Governor has them. */
export const PROPOSAL_STATES = [
  'pending',
  'active',
  'canceled',
  'defeated',
  'succeeded',
  'queued',
  'expired',
  'executed',
] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** Most choices of a proposal, and the largest weight of one in a ballot. */
export const CHOICES_MAX = 20;
export const WEIGHT_MAX = 100;
const CHANGES_MAX = 20;

const ProposalId = z.string().regex(/^prop_[0-9a-f-]{36}$/, 'a proposal id looks like prop_ and a UUID');
const ParameterName = z.string().regex(/^[a-z][a-z_.]{2,59}$/, 'a parameter looks like governance.quorum');
/** A decimal number in the parameter's unit. */
const ParameterValue = holds('identifier', z.string().min(1).max(40));
const Voting = z.enum(VOTING_SYSTEMS);
const State = z.enum(PROPOSAL_STATES);
const Kind = z.enum(['amount', 'seconds', 'basis_points', 'count', 'rate']);
const Changes = z
  .array(z.object({ parameter: ParameterName, value: ParameterValue }))
  .min(1)
  .max(CHANGES_MAX);

const Summary = z.object({
  proposalId: ProposalId,
  title: z.string(),
  state: State,
  voting: Voting,
  proposer: WalletId,
  createdAt: Timestamp,
  votesUntil: Timestamp.describe('The last moment of voting; while pending, as things stand'),
});

const Proposal = Summary.extend({
  text: z.string(),
  choices: z.array(
    z.object({
      number: z.int().positive(),
      text: z.string(),
      score: z.string().describe('Power in $webxos; of copeland, duels won'),
      support: Amount.optional().describe('Of copeland: decides where duels won are equal'),
      rounded: z.boolean().optional().describe('The score is shown rounded down; what wins is decided exactly'),
    }),
  ),
  winner: z.int().nullable().describe('Number of the choice that leads alone; null when none does, or some are equal'),
  changes: z
    .array(
      z.object({
        choice: z.int().positive().describe('Number of the choice that carries it'),
        parameter: ParameterName,
        value: z.string(),
        now: z.string().describe('What is in force now'),
        meaning: z.string(),
      }),
    )
    .describe('What an execution sets'),
  quorum: z.object({ needed: Amount.nullable(), counted: Amount, reached: z.boolean() }),
  voters: z.int().nonnegative(),
  power: Amount.nullable().describe('Your voting power here; null while it is pending'),
  voted: z.boolean().describe('You have'),
  timeline: z.object({
    votesAfter: Timestamp.describe('The snapshot: power, quorum and all that decides is of this moment'),
    extended: z.boolean().describe('The quorum was reached late, so voting goes on'),
    queuedAt: Timestamp.nullable(),
    executableFrom: Timestamp.nullable(),
    expiresAt: Timestamp.nullable(),
    executedAt: Timestamp.nullable(),
    canceledAt: Timestamp.nullable(),
  }),
});

const Moved = z.object({ proposalId: ProposalId, state: State, at: Timestamp });

export const governanceEvents = {
  proposal_created: z.object({ proposalId: ProposalId, proposer: WalletId }),
  vote_cast: z.object({ proposalId: ProposalId, walletId: WalletId, power: Amount }),
  votes_delegated: z.object({ walletId: WalletId, delegate: WalletId.nullable() }),
  proposal_canceled: z.object({ proposalId: ProposalId, by: WalletId }),
  proposal_queued: z.object({ proposalId: ProposalId, executableFrom: Timestamp, expiresAt: Timestamp }),
  proposal_executed: z.object({ proposalId: ProposalId, parametersVersion: z.int().positive() }),
  parameters_set: z.object({
    version: z.int().positive(),
    parameters: z.array(ParameterName),
    values: z.record(ParameterName, ParameterValue).default({}).describe('Of these, as get_parameters writes them'),
    by: z.string().optional().describe('The operator’s wallet, or a proposal'),
  }),
  dao_enabled: z.object({ by: WalletId }),
};

export const governanceTools = {
  propose_dao_governance: defineTool({
    title: 'Make a proposal, or see how one stands',
    description:
      'With proposalId: the state of a proposal, its votes, quorum, timeline and what it would change. Without: makes one, of text alone or with changes of parameters that are executed once it has passed. Needs staked $webxos.',
    keywords: [
      'start a vote',
      'suggest a change of the rules',
      'poll',
      'referendum',
      'result of a vote',
      'I have an idea for a new rule',
      'suggest that we lower or raise something',
      'ask everybody to decide',
      'petition',
      'submit a proposal',
      'ask the members what they want',
      'we should change a rule',
      'propose a new voting rule',
      'bring an idea to a vote',
    ],
    effect: 'write',
    everyday: true,
    about: ['proposalId'],
    permission: 'dao:propose',
    input: z.object({
      proposalId: ProposalId.optional(),
      title: words(120).optional(),
      text: words(4_000).optional(),
      voting: Voting.optional().describe('basic (for, against, abstain) when left out'),
      choices: z.array(words(200)).min(2).max(CHOICES_MAX).optional().describe('For any voting but basic'),
      changes: z
        .array(
          z.object({
            parameter: ParameterName,
            value: ParameterValue,
            choice: z.int().min(1).max(CHOICES_MAX).optional().describe('That carries it; not for basic'),
          }),
        )
        .max(CHANGES_MAX)
        .optional()
        .describe('get_parameters has names and bounds'),
      idempotencyKey: IdempotencyKey.optional().describe('The same again makes no second one'),
    }),
    output: Proposal,
    errors: ['not_found', 'conflict'],
    timeoutMs: 5_000,
  }),
  cast_vote: defineTool({
    title: 'Vote on a proposal, once',
    description:
      'Votes with your power of the proposal’s snapshot: what you had staked then, and what was delegated to you. One vote a wallet; it cannot be changed.',
    keywords: [
      'vote yes or no',
      'ballot',
      'approve or reject a proposal',
      'say yes or no to a proposal',
      'I am in favour or against',
      'agree or disagree',
      'my vote',
      'support',
      'I vote yes',
      'support an idea',
      'take part in a vote',
      'decide on a proposal',
      'object to a proposal',
    ],
    effect: 'write',
    everyday: true,
    about: ['proposalId'],
    permission: 'dao:vote',
    input: z.object({
      proposalId: ProposalId,
      support: z.enum(['for', 'against', 'abstain']).optional().describe('basic'),
      choice: z.int().optional().describe('single: its number, from 1'),
      choices: z
        .array(z.int())
        .max(CHOICES_MAX)
        .optional()
        .describe('approval: all you approve of; ranked, copeland: all, the best first'),
      weights: z
        .array(z.int().min(0).max(WEIGHT_MAX))
        .max(CHOICES_MAX)
        .optional()
        .describe('weighted, quadratic: one for each choice'),
      reason: words(300).optional(),
    }),
    output: z.object({
      proposalId: ProposalId,
      power: Amount,
      at: Timestamp,
      votesUntil: Timestamp,
      extended: z.boolean(),
    }),
    errors: ['not_found', 'conflict'],
    timeoutMs: 5_000,
  }),
  delegate_votes: defineTool({
    title: 'Let another wallet vote for you',
    description:
      'Gives all your voting power to another wallet, for proposals whose snapshot is still to come; without `to` takes it back. What was delegated to you is not passed on.',
    keywords: [
      'proxy vote',
      'representative',
      'undo a delegation',
      'let somebody decide for me',
      'pass my votes on',
      'someone else votes in my place',
    ],
    effect: 'write',
    idempotent: true,
    about: ['to'],
    permission: 'dao:vote',
    input: z.object({ to: WalletId.optional() }),
    output: z.object({ delegate: WalletId.nullable(), since: Timestamp, power: Amount.describe('Yours from now on') }),
    errors: ['not_found', 'conflict'],
    timeoutMs: 5_000,
  }),
  cancel_proposal: defineTool({
    title: 'Cancel a proposal',
    description:
      'Its proposer while it is pending; anybody once its proposer’s power has fallen below what a proposal needs; the operator until it is executed.',
    keywords: [
      'withdraw my proposal',
      'veto',
      'stop a vote',
      'I changed my mind',
      'take back a proposal',
      'drop a proposal',
      'block a bad decision',
    ],
    effect: 'destroy',
    about: ['proposalId'],
    permission: 'dao:vote',
    input: z.object({ proposalId: ProposalId }),
    output: Moved,
    errors: ['not_found', 'conflict'],
    timeoutMs: 5_000,
  }),
  queue_proposal: defineTool({
    title: 'Queue a proposal that has passed',
    description: 'Starts the waiting time after which its changes may be executed. Anybody may.',
    keywords: ['timelock', 'after the vote has passed', 'proposal was accepted', 'next step after a vote'],
    effect: 'write',
    about: ['proposalId'],
    permission: 'dao:vote',
    input: z.object({ proposalId: ProposalId }),
    output: Moved.extend({ executableFrom: Timestamp, expiresAt: Timestamp }),
    errors: ['not_found', 'conflict'],
    timeoutMs: 5_000,
  }),
  execute_proposal: defineTool({
    title: 'Execute a queued proposal, once',
    description: 'Sets the parameters that it changes, all or none, when its waiting time is over. Anybody may.',
    keywords: [
      'enact the decision',
      'carry out a passed vote',
      'put a decision into effect',
      'make it happen, apply a decision',
      'implement what was voted',
    ],
    effect: 'write',
    about: ['proposalId'],
    permission: 'dao:vote',
    input: z.object({ proposalId: ProposalId }),
    output: Moved.extend({ parametersVersion: z.int().positive() }),
    errors: ['not_found', 'conflict'],
    timeoutMs: 5_000,
  }),
  list_proposals: defineTool({
    title: 'List proposals',
    description:
      'Proposals, the newest first, by state or proposer. A page may have fewer than asked for and others follow.',
    keywords: [
      'what can I vote on',
      'open votes',
      'past decisions',
      'what are we voting about at the moment',
      'current votes',
      'which ideas were suggested',
      'was it accepted',
      'ballots',
      'is there anything to vote on',
      'open questions to decide',
      'status of proposals',
    ],
    effect: 'read',
    permission: 'dao:vote',
    input: z.object({
      states: z.array(State).max(PROPOSAL_STATES.length).optional(),
      proposer: WalletId.optional(),
      limit: z.int().min(1).max(50).default(20),
      cursor: ProposalId.optional().describe('nextCursor of an earlier answer'),
    }),
    output: z.object({ proposals: z.array(Summary), nextCursor: ProposalId.optional() }),
    errors: [],
    timeoutMs: 5_000,
  }),
  get_parameters: defineTool({
    title: 'Parameters of the lab',
    description:
      'Every parameter that proposals may change: value, bounds and meaning; of an earlier version when one is named.',
    keywords: [
      'quorum and voting period',
      'reward rules',
      'settings of the dao',
      'how long does a vote last',
      'rules and numbers of the lab',
      'fees and limits',
      'current settings',
    ],
    effect: 'read',
    permission: 'dao:vote',
    input: z.object({ version: z.int().min(0).optional() }),
    output: z.object({
      version: z.int().nonnegative(),
      setAt: Timestamp.nullable().describe('Null for what every lab begins with'),
      setBy: z.string().nullable().describe('A proposal, or the operator’s wallet'),
      daoEnabled: z.boolean().describe('Only executed proposals change them'),
      parameters: z.array(
        z.object({
          parameter: ParameterName,
          value: z.string(),
          kind: Kind,
          least: z.string(),
          most: z.string(),
          meaning: z.string(),
        }),
      ),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  set_parameters: defineTool({
    title: 'Set parameters of the lab',
    description: 'For the operator, until the DAO is switched on: sets parameters at once, all or none.',
    keywords: [
      'change the voting period',
      'adjust rewards',
      'change settings of the lab',
      'set fees or limits',
      'configure',
    ],
    effect: 'write',
    permission: 'dao:guard',
    input: z.object({ changes: Changes }),
    output: z.object({ version: z.int().positive(), at: Timestamp }),
    errors: ['conflict'],
    timeoutMs: 5_000,
  }),
  enable_dao: defineTool({
    title: 'Switch the DAO on, for good',
    description:
      'From then on parameters change by executed proposals alone; the operator keeps the right to cancel. It cannot be switched off.',
    keywords: [
      'hand the lab over to its members',
      'decentralize',
      'let the members decide',
      'turn on democracy',
      'self-government',
    ],
    effect: 'destroy',
    idempotent: true,
    permission: 'dao:guard',
    input: z.object({ forGood: z.literal(true).describe('That you know that it cannot be undone') }),
    output: z.object({ enabledAt: Timestamp }),
    errors: ['conflict'],
    timeoutMs: 5_000,
  }),
} as const;
