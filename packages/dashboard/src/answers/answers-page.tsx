import { Link, Outlet } from '@tanstack/react-router';
import { ViewBar } from '../shell/view-bar.js';
import { carry, useView } from '../view/use-view.js';
import { answerPages } from './answer-pages.js';

/** Where the money went, why it changed, what to do about it: one page for each question. */
export function AnswersPage() {
  const { view } = useView();
  return (
    <>
      <h1 className="sr-only">Answers</h1>
      <ViewBar />
      <nav
        aria-label="Questions"
        className="-mx-4 mb-4 flex gap-1 overflow-x-auto p-px px-4 sm:mx-0 sm:flex-wrap sm:px-px"
      >
        {answerPages.map(({ to, question }) => (
          <Link
            key={to}
            to={to}
            search={carry(view) as never}
            activeOptions={{ includeSearch: false }}
            className="flex h-8 items-center rounded-md px-3 whitespace-nowrap text-ink-2 hover:bg-sunk hover:text-ink aria-[current=page]:bg-surface aria-[current=page]:font-semibold aria-[current=page]:text-ink aria-[current=page]:ring-1 aria-[current=page]:ring-line-strong"
          >
            {question}
          </Link>
        ))}
      </nav>
      <div className="space-y-4">
        <Outlet />
      </div>
    </>
  );
}
