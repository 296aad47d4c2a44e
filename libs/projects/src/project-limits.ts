// Most of what a project or template may hold. Numbers alone.
export const PROJECT_LIMITS = {
  files: 2_000,
  fileBytes: 16 * 1024 * 1024,
  bytes: 64 * 1024 * 1024,
  pathCharacters: 200,
} as const;
