import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RequestError } from './api/http.js';
import { LiveProvider, openLiveStream } from './api/live.js';
import { router } from './router.js';
import './styles/index.css';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      gcTime: 120_000,
      refetchOnWindowFocus: false,
      // What the control plane refuses it refuses again; only a lost connection is worth one more try.
      retry: (failures, error) =>
        failures < 1 && !(error instanceof RequestError && error.status > 0),
    },
  },
});

// Asked for before the first query: a browser opens six connections to a host, and the reports of a
// slow ledger could otherwise keep the stream waiting.
const stream = openLiveStream();
stream.connect();

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={client}>
        <LiveProvider stream={stream}>
          <RouterProvider router={router} />
        </LiveProvider>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
