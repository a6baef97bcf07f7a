import { Tabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { useLiveState } from '../api/live.js';
import { useStatus } from '../api/use-status.js';
import { SnippetBox } from '../controls/snippet-box.js';
import { gatewayDefault, snippets } from './snippets.js';

/** How to make the first call. Opens by itself while there is none, and at /connect at any time. */
export function WelcomePage() {
  const { data: status } = useStatus();
  const empty = status?.store.entries === 0;
  const gateway = (status?.gateway.url ?? gatewayDefault).replace(/\/$/, '');
  const examples = snippets(gateway);
  return (
    <div className="mx-auto max-w-5xl pt-8 sm:pt-14">
      {empty && <Waiting />}
      <h1 className="text-[1.75rem] leading-tight font-semibold tracking-[-0.02em] sm:text-[2.25rem]">
        {empty ? 'Send your first call' : 'Connect another client'}
      </h1>
      <p className="mt-3 max-w-[38rem] text-base text-ink-2">
        Point your client at the gateway and change nothing else: keys, models and answers pass
        through untouched.{' '}
        {empty ? 'This page turns into your overview when the first call is booked.' : ''}
      </p>
      <Tabs.Root defaultValue="curl" className="mt-8">
        <Tabs.List aria-label="Client" className="flex flex-wrap gap-1.5">
          {examples.map(({ id, label }) => (
            <Tabs.Tab
              key={id}
              value={id}
              className="h-8 rounded-md border border-line-strong bg-surface px-3 text-[0.8125rem] text-ink-2 hover:text-ink data-[active]:border-accent data-[active]:bg-accent data-[active]:font-semibold data-[active]:text-on-accent"
            >
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {examples.map(({ id, place, code }) => (
          <Tabs.Panel key={id} value={id} className="mt-3 rounded-lg">
            <SnippetBox place={place} code={code} tall />
          </Tabs.Panel>
        ))}
      </Tabs.Root>
      <div className="mt-8 grid gap-x-10 gap-y-8 border-t border-line pt-8 sm:grid-cols-3">
        <Hint title="Say what a call is for">
          The header <Code>x-farthing-feature</Code> makes a call count towards a feature. Also:{' '}
          <Code>x-farthing-tenant</Code>, <Code>x-farthing-user</Code>,{' '}
          <Code>x-farthing-segment</Code>, or <Code>x-farthing-tags: team=search</Code>.
        </Hint>
        <Hint title="No provider key at hand?">
          <Code>farthing up --demo</Code> starts a provider that answers by itself, and calls it, so
          you can look around first.
        </Hint>
        <Hint title="Calls from before">
          <Code>farthing import history.jsonl --map mapping.yaml</Code> books what you already have.
          A second import of the same file changes nothing.
        </Hint>
      </div>
    </div>
  );
}

function Waiting() {
  const { state } = useLiveState();
  const open = state.status === 'open';
  return (
    <p role="status" className="mb-5 flex items-center gap-2.5 text-ink-2">
      <span aria-hidden="true" className="relative flex size-2.5">
        {open && (
          <span className="absolute inset-0 rounded-full bg-accent opacity-60 motion-safe:animate-ping" />
        )}
        <span className={`size-2.5 rounded-full ${open ? 'bg-accent' : 'bg-line-strong'}`} />
      </span>
      {open ? 'Listening. No call has come through yet.' : 'Connecting to the control plane.'}
    </p>
  );
}

function Hint({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="font-semibold">{title}</h2>
      <p className="mt-1.5 leading-relaxed text-ink-2">{children}</p>
    </section>
  );
}

function Code({ children }: { children: ReactNode }) {
  return (
    <code className="rounded bg-sunk px-1 py-0.5 font-mono text-[0.8125em] box-decoration-clone text-ink ring-1 ring-line">
      {children}
    </code>
  );
}
