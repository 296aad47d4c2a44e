// Most tools are found rather than listed: each one by what a person would say who needs it and does not know its name.
import { AGENTS, gatewayName, type Principal, publicTools, ROLE_PERMISSIONS } from '@labmesh/contracts';
import { builtIn } from '@labmesh/identity/policy.testing';
import { expect, it } from 'vitest';
import { Catalogue } from './catalogue.js';
import { prefixed } from './listing.js';

/** A tool that is not here fails: whoever adds one says how it is asked for. */
const ASKED_FOR: Readonly<Record<string, readonly string[]>> = {
  curator_list_available_datasets: ['what data do we have', 'browse the data catalog'],
  curator_fetch_dataset: ['show me the rows of a table', 'download the file with the solar flares'],
  curator_get_dataset: ['which versions of this table are there', 'metadata and columns of a dataset'],
  curator_update_dataset: ['replace my file with a corrected one', 'append new measurements to my dataset'],
  curator_withdraw_dataset: ['delete my dataset', 'remove data I submitted'],
  curator_submit_dataset: ['upload my measurements', 'share a csv file with the lab'],
  curator_validate_data_schema: ['are there mistakes in my table', 'does my file have the right columns'],
  curator_query_dataset: ['run sql on my table', 'join two tables', 'average of a column by group'],
  curator_save_query: ['store the result of my sql as a dataset', 'materialize a query'],
  curator_profile_dataset: ['summary statistics of my table', 'histogram of a column', 'are there duplicate rows'],
  curator_infer_schema: ['make a json schema of my rows', 'what types do the columns have'],
  curator_compare_datasets: ['what has changed between two tables', 'drift of the columns'],
  curator_transform_data_format: ['convert this csv to parquet', 'export as json'],
  curator_list_sources: ['which feeds are connected', 'where does the data come from'],
  curator_list_routes: ['where does our data go', 'deliveries that were given up'],
  curator_set_route: ['deliver data to an agent', 'retry failed deliveries'],
  curator_get_source: ['what parameters does this feed take', 'streams of a source'],
  curator_add_source: ['connect a new api', 'add a connector with a manifest'],
  curator_remove_source: ['disconnect an api', 'remove a source'],
  curator_set_source_key: ['set the api key of nasa', 'password of a provider'],
  curator_test_source: ['does the connection to the api work', 'test a source'],
  curator_fetch_source: ['download nasa data', 'fetch new months of a feed'],
  curator_get_imagery: ['show me a satellite image', 'picture of the earth from space'],
  sentinel_generate_wallet_token: ['give me an api key for my notebook', 'create credentials for a script'],
  sentinel_refresh_token: ['my session is about to expire', 'get a fresh access token'],
  sentinel_revoke_token: ['my key was stolen, switch it off', 'log out everywhere'],
  sentinel_list_tokens: ['which keys are active', 'show my credentials'],
  sentinel_find_tokens: ['is this leaked secret one of ours', 'somebody pushed a key to github'],
  sentinel_create_sign_in_link: ['log in with the browser', 'open the web page'],
  sentinel_audit_log_stream: ['watch what happens right now', 'tail the log'],
  sentinel_audit_query: ['who called this tool yesterday', 'history of what a wallet did'],
  sentinel_audit_proof: ['evidence that my call was recorded', 'inclusion proof'],
  sentinel_audit_heads: ['signed checkpoint of the log to keep', 'merkle tree root'],
  sentinel_audit_verify: ['has somebody tampered with the log', 'check the integrity of the records'],
  sentinel_anomaly_report: ['suspicious activity today', 'were we attacked'],
  sentinel_resolve_anomaly: ['unblock a wallet after a false alarm', 'close an alert'],
  sentinel_scan_for_anomalies: ['check last week for attacks', 'search old calls for something suspicious'],
  sentinel_encrypt_data: ['keep a password safe', 'protect a secret text'],
  sentinel_decrypt_data: ['unlock my secret again', 'read an encrypted text'],
  sentinel_rotate_keys: ['replace the signing key', 'the master key may be compromised'],
  sentinel_set_policy: ['forbid a tool for everybody', 'change what researchers are allowed to do'],
  sentinel_list_policies: ['which rules are in force', 'what is each role allowed to do'],
  sentinel_set_role: ['promote someone to validator', 'make this user a developer'],
  sentinel_explain_access: ['why was I refused', 'am I allowed to use this tool'],
  chancellor_create_boilerplate_wallet: ['add a new user', 'onboard a colleague'],
  chancellor_get_balance: ['how much money do I have', 'account statement'],
  chancellor_execute_transaction: ['pay a colleague', 'send money to someone'],
  chancellor_execute_batch: ['pay many people at once', 'run the payroll'],
  chancellor_reverse_transaction: ['refund a payment', 'undo a transfer'],
  chancellor_export_statement: ['download my transactions', 'bank statement for the bookkeeping'],
  chancellor_verify_ledger: ['audit the books', 'prove that no money was lost'],
  chancellor_hold_transaction: ['reserve money for later', 'put a deposit into escrow'],
  chancellor_capture_hold: ['collect a deposit', 'settle an escrow'],
  chancellor_release_hold: ['return a deposit', 'void an escrow'],
  chancellor_list_holds: ['which of my money is reserved', 'open escrows'],
  chancellor_list_wallet_templates: ['spending limits of each role', 'earning rates'],
  chancellor_get_wallet: ['what is my wallet id', 'is my wallet frozen'],
  chancellor_list_wallets: ['all users of the lab', 'list the members'],
  chancellor_freeze_wallet: ['block an account', 'suspend the money of a user'],
  chancellor_unfreeze_wallet: ['unblock an account', 'let a frozen wallet pay again'],
  chancellor_close_wallet: ['delete an account', 'remove a user for good'],
  chancellor_propose_dao_governance: ['suggest a change of the rules', 'start a vote'],
  chancellor_cast_vote: ['vote yes on a proposal', 'approve or reject it'],
  chancellor_delegate_votes: ['let a colleague vote for me', 'proxy vote'],
  chancellor_cancel_proposal: ['withdraw my proposal', 'veto a proposal'],
  chancellor_queue_proposal: ['the vote has passed, what now', 'start the timelock'],
  chancellor_execute_proposal: ['carry out what was decided', 'enact a passed vote'],
  chancellor_list_proposals: ['what can I vote on', 'past decisions'],
  chancellor_get_parameters: ['what is the quorum', 'which reward rules are there'],
  chancellor_set_parameters: ['change the voting period', 'adjust the rewards'],
  chancellor_enable_dao: ['hand the lab over to its members', 'switch the dao on'],
  chancellor_stake: ['earn yield with my money', 'get voting power'],
  chancellor_unstake: ['get my stake back', 'withdraw staked money'],
  chancellor_get_stakes: ['what do I have staked', 'when does my stake unlock'],
  chancellor_distribute_rewards: ['pay out the rewards now', 'staking payout'],
  chancellor_fund_rewards: ['top up the reward pool', 'fill the pool'],
  chancellor_preview_rewards: ['how much will I earn', 'why was I not rewarded'],
  chancellor_list_reward_rules: ['what earns rewards', 'how are contributions paid'],
  architect_list_available_templates: ['start a new project', 'are there examples to begin with'],
  architect_get_template_readme: ['instructions for the data scientist starter', 'how do I use this vial'],
  mechanic_get_system_health: ['is everything running', 'how full is the disk'],
  librarian_query_knowledge_base: ['how do I fix a vacuum pump', 'look it up in the manual'],
  librarian_get_document: ['open the full text of an article', 'read the whole page you cited'],
  librarian_log_new_solution: ['write down how I solved a problem', 'save a lesson learned'],
  librarian_get_agent_manifest: ['which agents are online', 'what services does the lab have'],
};
const WITHIN = 5;

const catalogue = new Catalogue(AGENTS, prefixed, { policies: builtIn, search: true });
const operator: Principal = {
  walletId: 'wal_01920000-0000-7000-8000-000000000001',
  role: 'operator',
  permissions: ROLE_PERMISSIONS.operator,
  credentialId: 'c',
};

function found(query: string): string[] {
  const search = catalogue.find('search_tools')?.answer;
  if (search === undefined) throw new Error('there is no search');
  const { tools } = search({ query }, { principal: operator, credential: '' }) as { tools: Array<{ name: string }> };
  return tools.map(({ name }) => name);
}

it('every tool is asked for', () => {
  const names = publicTools(AGENTS).map(({ agent, tool }) => gatewayName(agent, tool));
  expect(Object.keys(ASKED_FOR).sort()).toEqual([...names].sort());
});

it.each(Object.entries(ASKED_FOR).flatMap(([name, phrases]) => phrases.map((phrase) => [phrase, name])))(
  '"%s" finds %s',
  (phrase, name) => {
    expect(found(phrase).slice(0, WITHIN)).toContain(name);
  },
);
