import { Popover } from '@base-ui/react/popover';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { acknowledge } from '../api/budgets-contract.js';
import { refreshReports } from '../api/refresh.js';
import { Refused } from '../controls/refused.js';
import { formatClockSeconds } from '../figures/times.js';

/** Confirms a refused call by its token: the same request then passes once. */
export function AcknowledgeForm() {
  const client = useQueryClient();
  const [token, setToken] = useState('');
  const confirm = useMutation({
    mutationFn: acknowledge,
    onSuccess: () => {
      setToken('');
      refreshReports(client);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim() !== '') confirm.mutate(token.trim());
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <div className="flex gap-2">
        <input
          value={token}
          onChange={(event) => setToken(event.target.value)}
          aria-label="Token of the refused call"
          placeholder="eyJiIjpb…"
          autoComplete="off"
          spellCheck={false}
          className="h-9 min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-2.5 font-mono text-xs"
        />
        <button
          type="submit"
          disabled={token.trim() === '' || confirm.isPending}
          className="h-9 rounded-md bg-accent px-3.5 font-semibold text-on-accent hover:opacity-90 disabled:opacity-50"
        >
          Confirm
        </button>
      </div>
      <Refused error={confirm.error} />
      {confirm.data && (
        <p
          role="status"
          className="rounded-md bg-accent-soft px-3 py-2 text-[0.8125rem] text-accent-ink"
        >
          Confirmed for {confirm.data.budgets.map((name) => `“${name}”`).join(', ')}: the same
          request passes once until {formatClockSeconds(confirm.data.expires_at)} UTC.
        </p>
      )}
    </form>
  );
}

/** The same where no decision is open: an operator who was handed a token. */
export function AcknowledgeButton() {
  return (
    <Popover.Root>
      <Popover.Trigger className="h-8 rounded-md border border-line-strong bg-surface px-2.5 text-[0.8125rem] font-medium whitespace-nowrap hover:bg-sunk data-[popup-open]:bg-sunk">
        Confirm a token
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end" className="z-40">
          <Popover.Popup className="w-[min(26rem,calc(100vw-2rem))] rounded-lg border border-line-strong bg-raised p-4 shadow-float outline-none">
            <Popover.Title className="font-semibold">Let a refused call pass</Popover.Title>
            <Popover.Description className="mt-1 mb-3 text-[0.8125rem] text-ink-2">
              A call that a budget holds for a person is answered with a token (header
              x-farthing-acknowledge). Paste it: the same request then passes once.
            </Popover.Description>
            <AcknowledgeForm />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
