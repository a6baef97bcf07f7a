import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { releaseRun, stopRun } from '../../api/incidents-contract.js';
import { Badge } from '../../controls/badge.js';
import { SmallButton } from '../../controls/button.js';
import { ChangeDialog } from '../../controls/dialog.js';
import { SelectField, TextField } from '../../controls/fields.js';
import { deedSpans } from '../../incidents/deed-words.js';
import { incidentKeys } from '../../incidents/incident-cache.js';
import { soon } from '../../incidents/incident-words.js';
import { useRestrictions } from '../../incidents/use-incidents.js';

/** Refuses the next calls of a run for a time, or lets a stopped one go on. Each asks before it is done. */
export function StopRun({ run }: { run: string }) {
  const [isAsking, setAsking] = useState(false);
  const { data } = useRestrictions();
  const client = useQueryClient();
  const stopped = data?.stopped_runs.find((each) => each.run === run);
  const close = () => setAsking(false);
  const change = async (work: Promise<unknown>) => {
    await work;
    await client.invalidateQueries({ queryKey: incidentKeys.restrictions });
  };
  return (
    <>
      {stopped !== undefined && (
        <Badge tone="bad" title={stopped.cause}>
          Stopped until {soon(stopped.until, Date.now())}
        </Badge>
      )}
      <SmallButton disabled={data === undefined} onClick={() => setAsking(true)}>
        {stopped === undefined ? 'Stop …' : 'Release …'}
      </SmallButton>
      {stopped === undefined ? (
        <ChangeDialog
          title={`Stop ${run}?`}
          open={isAsking}
          onClose={close}
          confirm="Stop the run"
          severe
          work={(form) => change(stopRun(run, readStop(form)))}
        >
          <p className="text-ink-2">
            Every further call of this run is refused, with a reason that an agent can read. What it
            has asked already is answered; other runs go on.
          </p>
          <SelectField name="minutes" label="For how long" defaultValue="60">
            {deedSpans.map(({ minutes, label }) => (
              <option key={minutes} value={minutes}>
                {label}
              </option>
            ))}
          </SelectField>
          <TextField
            name="cause"
            label="Why; the agent is told"
            placeholder="it asks the same again and again"
            maxLength={500}
          />
        </ChangeDialog>
      ) : (
        <ChangeDialog
          title={`Release ${run}?`}
          open={isAsking}
          onClose={close}
          confirm="Release"
          work={() => change(releaseRun(run))}
        >
          <p className="text-ink-2">Its calls pass again from now on.</p>
        </ChangeDialog>
      )}
    </>
  );
}

function readStop(form: FormData): { seconds: number; cause?: string } {
  const cause = String(form.get('cause') ?? '').trim();
  const seconds = Number(form.get('minutes')) * 60;
  return cause === '' ? { seconds } : { seconds, cause };
}
