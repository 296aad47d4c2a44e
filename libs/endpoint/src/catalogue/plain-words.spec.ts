// What people say who need a tool and know nothing of tools: forty intents, written down before the search was tuned to any of them.
// The right tool comes first for most, and is among the first three for all.
import { expect, it } from 'vitest';
import { BLIND_INTENTS, type Intents } from './blind-intents.testing.js';
import { found } from './found-tools.testing.js';

const INTENTS: Intents = {
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
/** Written before the phrases of `libs/contracts/src/phrases`, by who wrote these: only measured, yet no stranger to them. */
const HELD_OUT_INTENTS: Intents = {
  // students and researchers, about data
  'which data do we have on exoplanets': 'curator_list_available_datasets',
  'let me see the first 20 lines of that table': 'curator_fetch_dataset',
  'I measured something yesterday and want to put the numbers in the lab': 'curator_submit_dataset',
  'does my file fit the format that you expect': 'curator_validate_data_schema',
  'I need this as an excel-friendly csv instead of arrow': 'curator_transform_data_format',
  'where do these data come from and who made them': 'curator_get_dataset',
  'I fixed a few wrong values, how do I replace the old file without losing it': 'curator_update_dataset',
  'how many values are missing in each column': 'curator_profile_dataset',
  'average temperature per month from the weather table': 'curator_query_dataset',
  'save this filtered selection for later': 'curator_save_query',
  'guess the column types': 'curator_infer_schema',
  'which outside archives can we download from': 'curator_list_sources',
  "hook up our telescope's api": 'curator_add_source',
  'the nasa key expired, here is the new one': 'curator_set_source_key',
  'is the usgs feed still answering': 'curator_test_source',
  'show me a sattelite image of the amazon last week': 'curator_get_imagery',
  'send every new dataset on to the mechanic automatically': 'curator_set_route',
  'can somebody else reproduce my accuracy': 'curator_request_validation',
  'I reran their experiment and got 0.87': 'curator_report_validation',
  'whose results are waiting for a second pair of eyes': 'curator_list_validations',
  // jobs and machines
  'run my python script on a gpu overnight': 'mechanic_orchestrate_training_job',
  'my job has been sitting in the queue for hours': 'mechanic_why_pending',
  'how did the run from last night end': ['mechanic_get_job', 'mechanic_list_jobs'],
  'what is running right now': 'mechanic_list_jobs',
  'it crashed, start it again': 'mechanic_retry_job',
  'kill the job': 'mechanic_cancel_job',
  'follow the output live': 'mechanic_stream_logs',
  'what files did the experiment produce': 'mechanic_list_artifacts',
  'take gpu-03 out of service so I can swap a fan': 'mechanic_drain_node',
  'charge more for gpu hours': 'mechanic_set_prices',
  "everything is slow today, what's wrong": 'mechanic_get_system_health',
  'monitoring with grafana': 'mechanic_generate_prometheus_yaml',
  'jobs got stuck after the power cut, sort it out': 'mechanic_automated_recovery',
  // knowledge
  'how do I calibrate a sensor': 'librarian_query_knowledge_base',
  'what does this traceback mean': 'librarian_analyze_error',
  'write down how I fixed the cuda problem so others find it': 'librarian_log_new_solution',
  'that tip worked, thumbs up': 'librarian_vote_solution',
  'add our protocols pdfs so that they can be searched': 'librarian_ingest_source',
  'our old manuals should no longer turn up in answers': 'librarian_remove_source',
  'who could help me to make plots': 'librarian_find_tool',
  'explain this repository to me': 'librarian_generate_documentation_summary',
  'find the chat where we talked about spectra': 'librarian_list_conversations',
  'download our chat': 'librarian_export_conversation',
  'use our own ollama as the assistant': 'librarian_set_model',
  // money and votes
  'how much money do I have left': 'chancellor_get_balance',
  'pay anna 20': 'chancellor_execute_transaction',
  'I paid the wrong person, get it back': 'chancellor_reverse_transaction',
  'pay all the students their monthly allowance': 'chancellor_execute_batch',
  'accounts spreadsheet for the finance office': 'chancellor_export_statement',
  'a new student starts on monday, give her an account': 'chancellor_create_boilerplate_wallet',
  'lock that account, it looks hijacked': 'chancellor_freeze_wallet',
  'I want to change how many votes a decision needs': 'chancellor_propose_dao_governance',
  "I'm on holiday, let Bob vote in my place": 'chancellor_delegate_votes',
  'what do I earn if I upload data': ['chancellor_preview_rewards', 'chancellor_list_reward_rules'],
  // security
  'I need an api key for my notebook': 'sentinel_generate_wallet_token',
  'my laptop was stolen, log it out': 'sentinel_revoke_token',
  'I pushed a key to github by accident': ['sentinel_find_tokens', 'sentinel_revoke_token'],
  'who deleted the dataset last friday': 'sentinel_audit_query',
  'why am I not allowed to cancle this': 'sentinel_explain_access',
  'make her an admin': 'sentinel_set_role',
};
/**
 * Written after most phrases, without them at hand, and meant to be hard: figures of speech, and words that no tool has. At the first
 * look 25 came first and 31 among the first three; with the tools' keywords alone, 15 and 24.
 */
const FINAL_INTENTS: Intents = {
  'got any light curves of variable stars?': 'curator_list_available_datasets',
  'can I have the licence and the author of that catalogue': 'curator_get_dataset',
  'the photometry is on my usb stick, how do I hand it in': 'curator_submit_dataset',
  'oops, those were patient records, pull them now': 'curator_withdraw_dataset',
  'what is the brightest object in the list': 'curator_query_dataset',
  'is the humidity column full of holes': 'curator_profile_dataset',
  'matlab wants csv': 'curator_transform_data_format',
  'did the calibration file change between march and april': 'curator_compare_datasets',
  'we bought a new spectrometer with a rest interface, plug it in': 'curator_add_source',
  'grab the latest earthquakes': 'curator_fetch_source',
  'I want a picture of hurricane Ian from orbit': 'curator_get_imagery',
  'would someone independent please repeat this fit': 'curator_request_validation',
  'my repetition disagrees with theirs': 'curator_report_validation',
  'need 4 gpus for a week': 'mechanic_orchestrate_training_job',
  'has the simulation converged yet': ['mechanic_get_job', 'mechanic_stream_logs'],
  'please stop run 17, the learning rate is wrong': 'mechanic_cancel_job',
  'it has said pending since lunch': 'mechanic_why_pending',
  'where did my checkpoints go': ['mechanic_list_artifacts', 'mechanic_get_artifact'],
  'I have to replace the power supply of a server tonight': 'mechanic_drain_node',
  'which of the computers is doing nothing': 'mechanic_list_nodes',
  'the whole thing feels like treacle': 'mechanic_get_system_health',
  'email me when the disk fills up': 'mechanic_generate_prometheus_yaml',
  'how should the vacum chamber be vented': 'librarian_query_knowledge_base',
  'KeyError: timestamp, what did I do wrong': 'librarian_analyze_error',
  'the trick with the cooling pump should not get lost': 'librarian_log_new_solution',
  "feed it our group's papers": 'librarian_ingest_source',
  'I inherited a pile of fortran, what does it do': 'librarian_generate_documentation_summary',
  'plug in gpt': 'librarian_set_model',
  'am I broke': 'chancellor_get_balance',
  'give Mei 30 coins for her help': 'chancellor_execute_transaction',
  'charged twice for the same thing': 'chancellor_reverse_transaction',
  'our PhD student defended and is leaving us': 'chancellor_close_wallet',
  'keep 200 back until the engineer delivers': 'chancellor_hold_transaction',
  'let us all decide on a lower fee': 'chancellor_propose_dao_governance',
  'count me as a yes': 'chancellor_cast_vote',
  'my cron job needs to log in': 'sentinel_generate_wallet_token',
  'throw every device off my account': 'sentinel_revoke_token',
  'somebody has been poking around at night': ['sentinel_anomaly_report', 'sentinel_audit_query'],
  'interns must not touch the telescope tools': 'sentinel_set_policy',
  'it refuses to let me publish, how come': 'sentinel_explain_access',
};
const FIRST_AT_LEAST = 34;

/** The place of a tool that is right among what is found, from 1. */
function placeOf(intent: string, right: string | readonly string[]): number {
  const at = found(intent, 20).findIndex((name) => [right].flat().includes(name));
  return at < 0 ? Number.POSITIVE_INFINITY : at + 1;
}

const placesOf = (intents: Intents) =>
  Object.entries(intents).map(([intent, right]) => ({ intent, right, place: placeOf(intent, right) }));

const places = placesOf(INTENTS);

it('finds the right tool among the first three, however it is asked for', () => {
  expect(places).toHaveLength(40);
  expect(places.filter(({ place }) => place > 3)).toEqual([]);
});

it(`finds it first for ${FIRST_AT_LEAST} of them`, () => {
  const behind = places.filter(({ place }) => place > 1);
  expect(behind.length, JSON.stringify(behind)).toBeLessThanOrEqual(places.length - FIRST_AT_LEAST);
});

it.each([
  { told: 'held out', intents: HELD_OUT_INTENTS, count: 60, first: 54, amongThree: 56 },
  { told: 'hard', intents: FINAL_INTENTS, count: 40, first: 24, amongThree: 32 },
  { told: 'blind', intents: BLIND_INTENTS, count: 60, first: 53, amongThree: 56 },
])('finds $first of $count that are $told first, $amongThree among the first three', (measure) => {
  const each = placesOf(measure.intents);
  expect(each).toHaveLength(measure.count);
  expect(each.filter(({ place }) => place === 1).length).toBeGreaterThanOrEqual(measure.first);
  expect(each.filter(({ place }) => place <= 3).length).toBeGreaterThanOrEqual(measure.amongThree);
});

/** As they are typed on the page, with ids and names in them. */
it.each([
  ['pay 5 to wal_01920000-0000-7000-8000-000000000002', 'chancellor_execute_transaction'],
  ['show job job_01920000-0000-7000-8000-000000000003', 'mechanic_get_job'],
  ['show my jobs', 'mechanic_list_jobs'],
  ['cancel job_01920000-0000-7000-8000-000000000003', 'mechanic_cancel_job'],
  ['show the log of job_01920000-0000-7000-8000-000000000003', 'mechanic_stream_logs'],
  ['which datasets about flares', 'curator_list_available_datasets'],
])('finds first what “%s” tells to do', (sentence, tool) => {
  expect(found(sentence, 1)).toEqual([tool]);
});
