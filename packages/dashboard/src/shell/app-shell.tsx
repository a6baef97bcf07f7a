import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { LiveIncidents } from '../incidents/live-incidents.js';
import { Footer } from './footer.js';
import { Header } from './header.js';
import { Notices } from './notices.js';

const titles: Record<string, string> = {
  '/': 'Overview',
  '/calls': 'Calls',
  '/incidents': 'Incidents',
  '/answers': 'Answers',
  '/budgets': 'Budgets',
  '/estimates': 'Estimates',
  '/accuracy': 'Accuracy',
  '/prices': 'Prices',
  '/attention': 'Needs attention',
  '/connect': 'Connect',
};

export function AppShell() {
  const { pathname } = useLocation();
  useEffect(() => {
    // The page of one thing is named after it.
    if (/^\/incidents\/./.test(pathname)) return;
    const title = titles[`/${pathname.split('/')[1] ?? ''}`];
    document.title = title === undefined ? 'Farthing' : `${title} – Farthing`;
  }, [pathname]);
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to the figures
      </a>
      <Header />
      <Notices />
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-[88rem] flex-1 px-4 pb-16 outline-none sm:px-6 lg:px-8"
      >
        <Outlet />
      </main>
      <Footer />
      <LiveIncidents />
    </div>
  );
}
