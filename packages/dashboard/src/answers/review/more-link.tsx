import { Link } from '@tanstack/react-router';
import { carry, useView } from '../../view/use-view.js';
import { sectionPages } from './section-pages.js';

/** To the page that says more; nothing on paper. */
export function MoreLink({ section }: { section: string }) {
  const { view } = useView();
  const page = sectionPages[section];
  if (page === undefined) return null;
  return (
    <Link
      to={page as '/'}
      search={carry(view) as never}
      className="text-[0.8125rem] font-medium text-accent-ink underline underline-offset-2 print:hidden"
    >
      Look closer
    </Link>
  );
}
