import type { Incident } from '@farthing/core';
import { useState } from 'react';
import { actOnIncident, type Deed } from '../api/incidents-contract.js';
import { ChangeDialog } from '../controls/dialog.js';
import { SelectField } from '../controls/fields.js';
import { formatMoment } from '../figures/times.js';
import { consequence, deedSpans } from './deed-words.js';
import { deedName, groupName } from './incident-words.js';
import { useIncidentChange } from './use-incident-change.js';

/** Asks before calls are held back, and says what will happen to them, and until when. */
export function ActDialog({
  incident,
  deed,
  open,
  onClose,
}: {
  incident: Incident;
  deed: Deed;
  open: boolean;
  onClose: () => void;
}) {
  const take = useIncidentChange();
  const [span, setSpan] = useState<string>(deedSpans[1].value);
  const { minutes } = deedSpans.find(({ value }) => value === span) ?? deedSpans[1];
  const whose = deed === 'stop_run' ? `run ${incident.run}` : groupName(incident.group);
  return (
    <ChangeDialog
      title={deed === 'stop_run' ? `Stop ${whose}?` : `${deedName(deed)} ${whose}?`}
      open={open}
      onClose={onClose}
      confirm={deedName(deed)}
      severe
      work={() => take(actOnIncident(incident.id, deed, span))}
    >
      <p className="text-ink-2">{consequence(deed, incident)}</p>
      <SelectField
        name="for"
        label="For how long"
        value={span}
        onChange={(event) => setSpan(event.target.value)}
        hint={`Until ${formatMoment(Date.now() + minutes * 60_000)} UTC, or until it is reverted.`}
      >
        {deedSpans.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
    </ChangeDialog>
  );
}
