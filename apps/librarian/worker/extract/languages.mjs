// Which languages the Librarian reads, and what declares a symbol in each: types of nodes are those of the grammars.

/** By a field of the node; undefined for one that declares nothing. */
const named = (types, field = 'name') => {
  const wanted = new Set(types);
  return (node) => (wanted.has(node.type) ? node.childForFieldName(field)?.text.slice(0, 100) : undefined);
};

/** A language by the types of nodes that are its comments, those that declare a symbol by their name, and others that may say something. */
function language({ grammar, fence, comments, declares, others = [], ...more }) {
  const reads = new Set([...comments, ...declares, ...others]);
  return { grammar, fence, comments: new Set(comments), reads, nameOf: named(declares), ...more };
}

const ECMA_DECLARES = [
  'function_declaration',
  'generator_function_declaration',
  'function_signature',
  'class_declaration',
  'abstract_class_declaration',
  'method_definition',
  'method_signature',
  'abstract_method_signature',
  'public_field_definition',
  'property_signature',
  'interface_declaration',
  'type_alias_declaration',
  'enum_declaration',
  'internal_module',
];
const ECMA = named(ECMA_DECLARES);

/** `const x = …` at the outermost level declares x; within functions it says nothing that one would look for. */
function ecmaName(node) {
  const found = ECMA(node);
  if (found !== undefined) return found;
  if (node.type !== 'lexical_declaration' && node.type !== 'variable_declaration') return undefined;
  if (node.parent?.type !== 'program' && node.parent?.type !== 'export_statement') return undefined;
  return node.namedChildren
    .find((child) => child?.type === 'variable_declarator')
    ?.childForFieldName('name')
    ?.text.slice(0, 100);
}

const ecma = (grammar, fence) =>
  language({
    ...{ grammar, fence },
    comments: ['comment', 'hash_bang_line'],
    declares: ECMA_DECLARES,
    others: ['lexical_declaration', 'variable_declaration'],
    nameOf: ecmaName,
  });

/** The text of a string that stands first in a module, class or function. */
function docstring(node) {
  if (node.type !== 'string' || node.parent?.type !== 'expression_statement') return undefined;
  const statement = node.parent;
  const block = statement.parent;
  if (block?.type !== 'module' && block?.type !== 'block') return undefined;
  const first = block.namedChildren.find((child) => child?.type !== 'comment');
  if (first?.id !== statement.id) return undefined;
  if (block.type === 'block' && !/^(function|class)_definition$/.test(block.parent?.type ?? '')) return undefined;
  return node.text.replace(/^[rbuRBU]*("""|'''|"|')|("""|'''|"|')$/g, '').trim();
}

const LINE_AND_BLOCK = ['comment', 'line_comment', 'block_comment'];

export const LANGUAGES = {
  typescript: ecma('typescript', 'ts'),
  tsx: ecma('tsx', 'tsx'),
  javascript: ecma('javascript', 'js'),
  python: language({
    grammar: 'python',
    fence: 'python',
    comments: ['comment'],
    declares: ['function_definition', 'class_definition'],
    others: ['string'],
    docstring,
  }),
  go: language({
    grammar: 'go',
    fence: 'go',
    comments: LINE_AND_BLOCK,
    declares: ['function_declaration', 'method_declaration', 'type_spec', 'const_spec'],
  }),
  rust: language({
    grammar: 'rust',
    fence: 'rust',
    comments: LINE_AND_BLOCK,
    declares: ['function_item', 'struct_item', 'enum_item', 'trait_item', 'mod_item', 'const_item', 'type_item'],
  }),
  java: language({
    grammar: 'java',
    fence: 'java',
    comments: LINE_AND_BLOCK,
    declares: [
      'class_declaration',
      'interface_declaration',
      'enum_declaration',
      'method_declaration',
      'record_declaration',
    ],
  }),
};

const EXTENSIONS = {
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'tsx',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  py: 'python',
  pyi: 'python',
  go: 'go',
  rs: 'rust',
  java: 'java',
};

export const languageOf = (name) => EXTENSIONS[/\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''];
