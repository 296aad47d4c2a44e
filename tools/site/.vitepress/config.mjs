// The site as VitePress makes it: pages from dist/site/source, search in the reader's own browser, nothing asked of other hosts.
import { readFileSync } from 'node:fs';
import { slug } from 'github-slugger';
import { asText, linksForSite } from '../links.mjs';
import { NAVIGATION } from '../navigation.mjs';
import { pageOf, ROOT, SITE, SOURCE } from '../places.mjs';

const linkOf = (file) => `/${pageOf(file).replace(/(index)?\.md$/, '')}`;
const itemsOf = (pages) => Object.entries(pages).map(([file, text]) => ({ text, link: linkOf(file) }));

/** The page's own, inside of the pages: it is there from any depth. */
const LOGO = `data:image/svg+xml;base64,${readFileSync(`${ROOT}apps/chat/src/ui/logo.svg`).toString('base64')}`;

const site = {
  title: 'LabMesh',
  description: 'One MCP endpoint for a whole science lab',
  lang: 'en',
  srcDir: SOURCE,
  outDir: SITE,
  cacheDir: `${SITE}/../cache`,
  head: [['link', { rel: 'icon', href: LOGO }]],
  // It works wherever it is put, below a path too.
  base: './',
  markdown: {
    // Headings have the names that they have in a repository.
    anchor: { slugify: slug },
    config: (md) => {
      linksForSite(md);
      asText(md);
    },
  },
  // The index of the search is one file, loaded when somebody searches.
  vite: { build: { chunkSizeWarningLimit: 2_000 } },
  themeConfig: {
    logo: LOGO,
    search: { provider: 'local' },
    outline: [2, 3],
    externalLinkIcon: true,
    nav: NAVIGATION.map(({ text, pages }) => ({ text, link: itemsOf(pages)[0].link })),
    sidebar: NAVIGATION.map(({ text, pages }, at) => ({ text, collapsed: at > 0, items: itemsOf(pages) })),
  },
};

export { site as default };
