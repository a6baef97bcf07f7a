import { plural } from '../figures/counts.js';
import { isOpenPage } from './incident-words.js';
import { useActiveIncidents } from './use-incidents.js';

/** How many pages nobody has taken yet. It stands above its word, so that nothing moves when it comes. */
export function OpenPagesBadge() {
  const { data } = useActiveIncidents();
  const now = Date.now();
  const open = data?.incidents.filter((incident) => isOpenPage(incident, now)).length ?? 0;
  if (open === 0) return null;
  return (
    <span
      title={`${plural(open, 'page')} that nobody has acknowledged`}
      className="figure absolute top-1.5 -right-0.5 min-w-4 rounded-full bg-bad px-1 text-center text-[0.6875rem] leading-4 font-semibold text-surface lg:top-2.5"
    >
      <span aria-hidden="true">{open > 99 ? '99+' : open}</span>
      <span className="sr-only">, {plural(open, 'open page')}</span>
    </span>
  );
}
