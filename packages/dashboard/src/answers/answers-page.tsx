import { Link, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { ViewBar } from '../shell/view-bar.js';
import { carry, useView } from '../view/use-view.js';
import type { View } from '../view/view.js';
import type { Preset } from '../view/window.js';
import { answerPages } from './answer-pages.js';

/** Where the money went, why it changed, what to do about it: one page for each question. */
export function AnswersPage() {
  const { view } = useView();
  // A single run has a time of its own: window and filters say nothing about it.
  const isOfOne = useParams({ strict: false, select: ({ id }) => id !== undefined });
  const { pathname } = useLocation();
  const questions = useRef<HTMLElement>(null);
  // On a phone the questions scroll sideways: the one that is open is in sight.
  useEffect(() => {
    const nav = questions.current;
    const current = nav?.querySelector<HTMLElement>('[aria-current=page]');
    if (!nav || !current) return;
    nav.scrollLeft = current.offsetLeft - (nav.clientWidth - current.offsetWidth) / 2;
  }, [pathname]);
  return (
    <>
      <h1 className="sr-only">Answers</h1>
      {isOfOne ? <div className="pt-3" /> : <ViewBar />}
      <nav
        ref={questions}
        aria-label="Questions"
        className="relative -mx-4 mb-4 flex gap-1 overflow-x-auto p-px px-4 sm:mx-0 sm:flex-wrap sm:px-px"
      >
        {answerPages.map(({ to, question, ...page }) => (
          <Link
            key={to}
            to={to}
            search={carry(view, 'window' in page ? suiting(view, page.window) : {}) as never}
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

/** The window that suits an answer, for a reader who has chosen none. */
const suiting = ({ window }: View, preset: Preset): Partial<View> =>
  window.kind === 'preset' && window.preset === '24h' ? { window: { kind: 'preset', preset } } : {};
