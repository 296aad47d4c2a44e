// What people say who need a tool and know nothing of tools: forty intents, written down before the search was tuned to any of them.
// The right tool comes first for most, and is among the first three for all.
import { expect, it } from 'vitest';
import { found } from './found-tools.testing.js';

const INTENTS: Readonly<Record<string, string>> = {
  'upload a csv file': 'curator_submit_dataset',
  'what does this spreadsheet look like, any outliers?': 'curator_profile_dataset',
  'turn my table into parquet': 'curator_transform_data_format',
  'get rid of the data I put up by mistake': 'curator_withdraw_dataset',
  'what changed since the last version of this table': 'curator_compare_datasets',
  'pull in the newest solar flares from nasa': 'curator_fetch_source',
  'count the rows where the temperature is over 30': 'curator_query_dataset',
  'a photo of the earth from yesterday': 'curator_get_imagery',
  'is my file okay before I upload it': 'curator_validate_data_schema',
  'do we have anything about earthquakes': 'curator_list_available_datasets',
  'who is allowed to delete data': 'sentinel_list_policies',
  'someone stole my token': 'sentinel_revoke_token',
  'I need a login for my python script': 'sentinel_generate_wallet_token',
  'who touched my data last week': 'sentinel_audit_query',
  'is somebody attacking us': 'sentinel_anomaly_report',
  'make alice an administrator': 'sentinel_set_role',
  "why can't I do this": 'sentinel_explain_access',
  'hide this text so that only I can read it': 'sentinel_encrypt_data',
  'see live what everyone is doing': 'sentinel_audit_log_stream',
  'pay somebody 5': 'chancellor_execute_transaction',
  'how much do I have left': 'chancellor_get_balance',
  'sign up a new student': 'chancellor_create_boilerplate_wallet',
  'I sent the money to the wrong person': 'chancellor_reverse_transaction',
  'put money aside until the work is done': 'chancellor_hold_transaction',
  'suggest that we lower the fees': 'chancellor_propose_dao_governance',
  'say no to the proposal': 'chancellor_cast_vote',
  'lock up my coins to get interest': 'chancellor_stake',
  'stop this user from spending': 'chancellor_freeze_wallet',
  'set up a new project for me': 'architect_instantiate_template',
  'did I leave a password in my code': 'architect_validate_project_config',
  'throw away my old project': 'architect_delete_project',
  'why is my job waiting': 'mechanic_why_pending',
  'train my neural network': 'mechanic_orchestrate_training_job',
  'abort the training': 'mechanic_cancel_job',
  'show me what my program printed': 'mechanic_stream_logs',
  'are there any free gpus': 'mechanic_list_nodes',
  'get the model that my job made': 'mechanic_get_artifact',
  'save what we learned': 'librarian_log_new_solution',
  'has anybody had this problem before': 'librarian_query_knowledge_base',
  'is the chancellor running': 'librarian_get_agent_manifest',
};
const FIRST_AT_LEAST = 34;

/** The place of the tool that is right among what is found, from 1. */
function placeOf(intent: string, right: string): number {
  const at = found(intent, 20).indexOf(right);
  return at < 0 ? Number.POSITIVE_INFINITY : at + 1;
}

const places = Object.entries(INTENTS).map(([intent, right]) => ({ intent, right, place: placeOf(intent, right) }));

it('finds the right tool among the first three, however it is asked for', () => {
  expect(places).toHaveLength(40);
  expect(places.filter(({ place }) => place > 3)).toEqual([]);
});

it(`finds it first for ${FIRST_AT_LEAST} of them`, () => {
  const behind = places.filter(({ place }) => place > 1);
  expect(behind.length, JSON.stringify(behind)).toBeLessThanOrEqual(places.length - FIRST_AT_LEAST);
});
