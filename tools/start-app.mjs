// `node tools/start-app.mjs <app>`: runs an app of the build in this very process. It builds nothing; `npm start` does.
import process from 'node:process';
import { loadApp } from './bundle/load-app.mjs';
import { endWithNpm } from './end-with-npm.mjs';

endWithNpm();
const [app = ''] = process.argv.splice(2, 1);
if (!/^[a-z]+$/.test(app) || !(await loadApp(app))) {
  process.stderr.write(
    `labmesh: there is no app "${app}" in the build. Name a folder of apps/, such as curator, and run npm run build first.\n`,
  );
  process.exitCode = 70;
}
