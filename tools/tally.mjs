// Sums up the JSON reports in a folder: `node tools/tally.mjs <folder>`. Names what passed at the second try only, with what
// the first one said; exit code 1 when anything failed or nothing passed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
const reports = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));

for (const { name, assertionResults } of reports.flatMap(({ testResults = [] }) => testResults))
  for (const { status, fullName, failureMessages } of assertionResults)
    if (status === 'passed' && failureMessages.length > 0)
      console.log(`passed at the second try: ${name}: ${fullName}\n${failureMessages[0]}`);

const sum = (field) => reports.reduce((total, report) => total + report[field], 0);
const [passed, failed] = [sum('numPassedTests'), sum('numFailedTests')];
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
