// package.json and tsconfig.json, as npm and the TypeScript compiler read them.
import semver from 'semver';
import { z } from 'zod';
import { shapeRule } from './shape.js';

const Texts = z.record(z.string(), z.string('must be a text'), 'must be an object of texts');
const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const NAME_MAX = 214;

const Package = z.looseObject(
  {
    name: z
      .string('must be a text')
      .max(NAME_MAX)
      .regex(PACKAGE_NAME, 'must be lower-case, as npm wants names')
      .optional(),
    version: z
      .string('must be a text')
      .refine((text) => semver.valid(text) !== null, 'must be three numbers, such as 1.0.0')
      .optional(),
    private: z.boolean('must be true or false').optional(),
    type: z.enum(['module', 'commonjs'], 'must be module or commonjs').optional(),
    main: z.string('must be a text').optional(),
    scripts: Texts.optional(),
    dependencies: Texts.optional(),
    devDependencies: Texts.optional(),
    peerDependencies: Texts.optional(),
    optionalDependencies: Texts.optional(),
    engines: Texts.optional(),
    bin: z.union([z.string(), Texts], 'must be a path, or an object of paths').optional(),
    files: z.array(z.string(), 'must be a list of paths').optional(),
    workspaces: z
      .union([z.array(z.string()), z.looseObject({ packages: z.array(z.string()) })], 'must be a list of folders')
      .optional(),
  },
  'must be an object',
);

export const packageJson = shapeRule({
  id: 'package-json',
  title: 'package.json is not as npm wants it',
  files: /(^|\/)package\.json$/,
  schema: Package,
  see: 'https://docs.npmjs.com/cli/configuring-npm/package-json',
});

const anyCase = (...words: string[]) => {
  const known = new Set(words.map((word) => word.toLowerCase()));
  return z
    .string('must be a text')
    .refine((text) => known.has(text.toLowerCase()), `must be one of ${words.join(', ')}`)
    .optional();
};
const flag = z.boolean('must be true or false').optional();
const texts = z.array(z.string(), 'must be a list of texts').optional();
const YEARS = ['ES3', 'ES5', 'ES6', ...Array.from({ length: 11 }, (_, year) => `ES${2015 + year}`), 'ESNext'];
const FLAGS = [
  'strict noImplicitAny strictNullChecks noUncheckedIndexedAccess noUnusedLocals noUnusedParameters noImplicitReturns',
  'esModuleInterop skipLibCheck declaration sourceMap composite incremental isolatedModules noEmit allowJs checkJs',
  'resolveJsonModule experimentalDecorators emitDecoratorMetadata forceConsistentCasingInFileNames verbatimModuleSyntax',
].flatMap((row) => row.split(' '));

const Tsconfig = z.looseObject(
  {
    extends: z.union([z.string(), z.array(z.string())], 'must be a path, or a list of paths').optional(),
    compilerOptions: z
      .looseObject(
        {
          ...Object.fromEntries(FLAGS.map((name) => [name, flag])),
          target: anyCase(...YEARS),
          module: anyCase(
            'None',
            'CommonJS',
            'AMD',
            'UMD',
            'System',
            'ES6',
            'ES2015',
            'ES2020',
            'ES2022',
            'ESNext',
            'Node16',
            'Node18',
            'Node20',
            'NodeNext',
            'Preserve',
          ),
          moduleResolution: anyCase('classic', 'node', 'node10', 'node16', 'nodenext', 'bundler'),
          jsx: anyCase('preserve', 'react', 'react-native', 'react-jsx', 'react-jsxdev'),
          lib: texts,
          types: texts,
          outDir: z.string('must be a path').optional(),
          rootDir: z.string('must be a path').optional(),
          paths: z.record(z.string(), z.array(z.string()), 'must be lists of paths').optional(),
        },
        'must be an object',
      )
      .optional(),
    include: texts,
    exclude: texts,
    files: texts,
    references: z.array(z.looseObject({ path: z.string() }), 'must be a list of { path }').optional(),
  },
  'must be an object',
);

export const tsconfig = shapeRule({
  id: 'tsconfig',
  title: 'tsconfig.json is not as the compiler wants it',
  files: /(^|\/)tsconfig(\.[\w-]+)?\.json$/,
  schema: Tsconfig,
  see: 'https://www.typescriptlang.org/tsconfig',
});
