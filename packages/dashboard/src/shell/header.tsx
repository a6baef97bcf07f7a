import { Link } from '@tanstack/react-router';
import { useStatus } from '../api/use-status.js';
import { plural } from '../figures/counts.js';
import { OpenPagesBadge } from '../incidents/open-pages-badge.js';
import { carry, useView } from '../view/use-view.js';
import { LiveStatus } from './live-status.js';
import { Mark } from './mark.js';
import { ThemeToggle } from './theme-toggle.js';

const pages = [
  { to: '/', label: 'Overview', short: 'Overview' },
  { to: '/calls', label: 'Calls', short: 'Calls' },
  { to: '/incidents', label: 'Incidents', short: 'Incidents' },
  { to: '/answers', label: 'Answers', short: 'Answers' },
  { to: '/budgets', label: 'Budgets', short: 'Budgets' },
  { to: '/estimates', label: 'Estimates', short: 'Estimates' },
  { to: '/accuracy', label: 'Accuracy', short: 'Accuracy' },
  { to: '/prices', label: 'Prices', short: 'Prices' },
  { to: '/attention', label: 'Needs attention', short: 'Attention' },
  { to: '/connect', label: 'Connect', short: 'Connect' },
] as const;

export function Header() {
  const { view } = useView();
  const { data: status } = useStatus();
  const open = status ? status.unpriced_calls : 0;
  const stale = status?.prices.sources.filter(({ state }) => state !== 'ok').length ?? 0;
  return (
    <header className="border-b border-line bg-surface">
      <div className="mx-auto flex max-w-[88rem] flex-wrap items-center gap-x-8 px-4 sm:px-6 lg:flex-nowrap lg:gap-x-4 lg:px-8 xl:gap-x-8">
        <Link
          to="/"
          className="flex h-14 items-center gap-2.5 rounded-md"
          aria-label="Farthing, overview"
        >
          <Mark />
          <span className="text-[1.0625rem] font-semibold tracking-[-0.01em]">Farthing</span>
        </Link>
        <nav
          aria-label="Main"
          className="order-last -mx-4 flex w-[calc(100%+2rem)] gap-1 overflow-x-auto border-t border-line px-3 sm:mx-0 sm:w-full sm:border-0 sm:px-0 lg:order-none lg:w-auto"
        >
          {pages.map(({ to, label, short }) => (
            <Link
              key={to}
              to={to}
              search={carry(view) as never}
              activeOptions={{ exact: to === '/', includeSearch: false }}
              className="relative flex h-11 items-center gap-1.5 px-2.5 whitespace-nowrap text-ink-2 hover:text-ink aria-[current=page]:font-semibold aria-[current=page]:text-ink aria-[current=page]:after:absolute aria-[current=page]:after:inset-x-2.5 aria-[current=page]:after:bottom-0 aria-[current=page]:after:h-0.5 aria-[current=page]:after:rounded-full aria-[current=page]:after:bg-accent lg:h-14 lg:px-1.5 lg:aria-[current=page]:after:inset-x-1.5 xl:px-2.5 xl:aria-[current=page]:after:inset-x-2.5"
            >
              <span className="hidden xs:inline">{label}</span>
              <span className="xs:hidden">{short}</span>
              {to === '/incidents' && <OpenPagesBadge />}
              {to === '/attention' && open + stale > 0 && (
                <span
                  title={`${plural(open, 'call')} without a price in all${stale === 0 ? '' : `, ${plural(stale, 'source')} of prices with a problem`}`}
                  className="size-1.5 rounded-full bg-warn"
                >
                  <span className="sr-only">
                    {open > 0 ? plural(open, 'unpriced call') : 'prices with a problem'}
                  </span>
                </span>
              )}
            </Link>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-3">
          <LiveStatus />
          <ThemeToggle />
        </div>
      </div>
    </header>
  );
}
