// The Sentinel's door, for the lab app that runs every agent in one process.
export { OperatorAccount } from './operator/operator-account.js';
export { SentinelModule } from './sentinel.module.js';
export { SignIn } from './sign-in/sign-in.js';
