import { Popover } from '@base-ui/react/popover';
import { useState, type FormEvent } from 'react';
import { useView } from '../view/use-view.js';
import { windowOf } from '../view/window.js';

/** `datetime-local` speaks in wall time without a zone; here that wall is in UTC. */
const toField = (time: string) => time.slice(0, 16);
const fromField = (field: string) => `${field}:00.000Z`;

/** From and to, in UTC, to the minute. */
export function CustomWindow({ chosen }: { chosen: boolean }) {
  const { view, change } = useView();
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const current = windowOf(view.window, Date.now());
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [from, to] = [String(form.get('from')), String(form.get('to'))];
    if (from === '' || to === '') return setProblem('Fill in both times.');
    if (from >= to) return setProblem('The start must come before the end.');
    setProblem(null);
    setOpen(false);
    change({ window: { kind: 'custom', from: fromField(from), to: fromField(to) }, bucket: null });
  };
  const field =
    'mt-1 block h-9 w-full rounded-md border border-line-strong bg-surface px-2.5 text-sm';
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-pressed={chosen}
        className="h-7 rounded-md px-2.5 text-[0.8125rem] text-ink-2 hover:text-ink aria-pressed:bg-accent aria-pressed:font-semibold aria-pressed:text-on-accent xs:px-3"
      >
        Custom
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="start" className="z-40">
          <Popover.Popup className="w-72 rounded-lg border border-line-strong bg-raised p-4 shadow-float outline-none">
            <Popover.Title className="font-semibold">Custom window, UTC</Popover.Title>
            <form onSubmit={submit} className="mt-3 space-y-3" key={`${current.from}`}>
              <label className="block text-[0.8125rem] text-ink-2">
                From
                <input
                  name="from"
                  type="datetime-local"
                  defaultValue={toField(current.from)}
                  className={field}
                />
              </label>
              <label className="block text-[0.8125rem] text-ink-2">
                To, exclusive
                <input
                  name="to"
                  type="datetime-local"
                  defaultValue={toField(current.to)}
                  className={field}
                />
              </label>
              {problem && (
                <p role="alert" className="text-[0.8125rem] text-bad">
                  {problem}
                </p>
              )}
              <button
                type="submit"
                className="h-9 w-full rounded-md bg-accent font-semibold text-on-accent hover:opacity-90"
              >
                Show this window
              </button>
            </form>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
