// The lab's only reader of the environment.
export const readEnvironment = (): NodeJS.ProcessEnv => process.env;
