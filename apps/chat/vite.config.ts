// Builds the page into dist/: index.html and hashed assets, nothing inline, so `script-src 'self'` is enough.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds a running lab. */
const LAB = 'http://127.0.0.1:3000';
// The gateway accepts its own origin only, so the development proxy speaks as if it were that.
const toLab = { target: LAB, changeOrigin: true, headers: { origin: LAB } };

export default defineConfig({
  base: './',
  plugins: [react()],
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 700 },
  server: { host: '127.0.0.1', proxy: { '/mcp': toLab, '/sign-in': toLab, '/audit': toLab } },
});
