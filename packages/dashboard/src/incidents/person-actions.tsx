import type { Incident } from '@farthing/core';
import { useRef, useState } from 'react';
import {
  acknowledgeIncident,
  muteIncident,
  resolveIncident,
  unmuteIncident,
} from '../api/incidents-contract.js';
import { SmallButton } from '../controls/button.js';
import { ChangeDialog } from '../controls/dialog.js';
import { SelectField, TextField } from '../controls/fields.js';
import { Refused } from '../controls/refused.js';
import { isMuted } from './incident-words.js';
import { useIncidentChange, useIncidentPress } from './use-incident-change.js';

const spans = [
  { value: '1h', label: '1 hour' },
  { value: '8h', label: '8 hours' },
  { value: '1d', label: '1 day' },
];

/** What a person says of an incident: that it is theirs, that it may be silent, that it is over. */
export function PersonActions({ incident, now }: { incident: Incident; now: number }) {
  const [asking, setAsking] = useState<'mute' | 'resolve' | null>(null);
  const take = useIncidentChange();
  const { id, title, state } = incident;
  const acknowledge = useIncidentPress(() => acknowledgeIncident(id));
  const unmute = useIncidentPress(() => unmuteIncident(id));
  const group = useRef<HTMLDivElement>(null);
  const close = () => setAsking(null);
  const text = (form: FormData, name: string) => String(form.get(name) ?? '').trim();
  if (state === 'resolved') return null;
  return (
    <div className="space-y-2">
      <div
        ref={group}
        role="group"
        tabIndex={-1}
        aria-label="This incident"
        className="flex flex-wrap gap-2 outline-none"
      >
        {state === 'open' && (
          <button
            type="button"
            disabled={acknowledge.isPending}
            onClick={() =>
              // The button goes away: what had the focus stays near.
              acknowledge.mutate(undefined, { onSuccess: () => group.current?.focus() })
            }
            className="h-8 rounded-md bg-accent px-3 text-[0.8125rem] font-semibold text-on-accent hover:opacity-90 disabled:opacity-60"
          >
            Acknowledge
          </button>
        )}
        {isMuted(incident, now) ? (
          <SmallButton disabled={unmute.isPending} onClick={() => unmute.mutate()}>
            Unmute
          </SmallButton>
        ) : (
          <SmallButton onClick={() => setAsking('mute')}>Mute …</SmallButton>
        )}
        <SmallButton onClick={() => setAsking('resolve')}>Resolve …</SmallButton>
      </div>
      <Refused error={acknowledge.error ?? unmute.error} />
      <ChangeDialog
        title={`Mute “${title}”`}
        open={asking === 'mute'}
        onClose={close}
        confirm="Mute"
        work={(form) => take(muteIncident(id, text(form, 'for'), text(form, 'note')))}
      >
        <p className="text-ink-2">
          Nobody is told of it meanwhile. It goes on being judged, and stands here as muted.
        </p>
        <SelectField name="for" label="For how long" defaultValue="1h">
          {spans.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
        <TextField name="note" label="Why, for the record" maxLength={500} />
      </ChangeDialog>
      <ChangeDialog
        title={`Resolve “${title}”?`}
        open={asking === 'resolve'}
        onClose={close}
        confirm="Resolve"
        work={(form) => take(resolveIncident(id, text(form, 'note')))}
      >
        <p className="text-ink-2">
          What its calls are like now counts as normal from here on. If it goes on changing, a new
          incident opens. Incidents that are over resolve by themselves.
        </p>
        <TextField name="note" label="What was done, for the record" maxLength={500} />
      </ChangeDialog>
    </div>
  );
}
