import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    // The control plane's content security policy allows no data: URLs for fonts and scripts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: {
    // `npx tsx dev/fixture-server.ts` stands in for the control plane; or set a running one.
    proxy: { '/api': process.env['FARTHING_URL'] ?? 'http://127.0.0.1:4242' },
  },
});
