#!/usr/bin/env node
// The `labmesh` command: starts what the build made, and says how to make it when it is not there. Nothing else belongs here.
import { loadApp } from '../../../tools/bundle/load-app.mjs';

if (!(await loadApp('cli'))) {
  process.stderr.write(
    'labmesh: the command is not built yet: run "npm run build" in the folder of LabMesh, then try again.\n',
  );
  process.exitCode = 70;
}
