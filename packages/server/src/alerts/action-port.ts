import { FarthingError, type Incident, type IncidentAction } from '@farthing/core';
import type { BudgetAccess } from '../budgets/index.js';

/** How gateways are told what to do about an incident. */
export interface ActionPort {
  /** Returns what it holds for, and until when. Throws `invalid_action`, `invalid_restriction`. */
  begin(order: {
    do: IncidentAction['do'];
    incident: Incident;
    seconds: number;
    by: string;
    downgrade?: readonly string[] | undefined;
  }): Promise<{ scope: Record<string, string>; until: string }>;
  /** Takes back what is still in force of it. */
  end(action: IncidentAction, incident: Incident, by: string): Promise<void>;
}

const steps = { throttle: 'throttle', degrade: 'downgrade', break: 'block' } as const;

type Budgets = Pick<BudgetAccess, 'restrict' | 'lift' | 'restrictions' | 'stopRun' | 'releaseRun'>;

/** Actions as changes of budgets, which gateways and apps with the data directory watch. */
export function budgetActions(budgets: Budgets): ActionPort {
  return {
    async begin({ do: what, incident, seconds, by, downgrade }) {
      const order = { seconds, incident: incident.id, cause: incident.title };
      if (what === 'stop_run') {
        if (incident.run === null) {
          throw new FarthingError(
            'invalid_action',
            `Incident ${incident.id} is not about a run: throttle, degrade or break its calls instead.`,
          );
        }
        const { run, until } = await budgets.stopRun(incident.run, order, by);
        return { scope: { run }, until };
      }
      if (Object.keys(incident.group).length === 0) {
        throw new FarthingError(
          'invalid_action',
          `Incident ${incident.id} is about calls without a feature or agent: nothing tells them apart. Use a budget or a breaker.`,
        );
      }
      const { scope, until } = await budgets.restrict(
        {
          ...order,
          scope: incident.group,
          step: steps[what],
          ...(what === 'degrade' ? { downgrade: modelsOf(downgrade) } : {}),
        },
        by,
      );
      return { scope: { ...scope }, until };
    },
    async end({ do: what, scope }, { id }, by) {
      const { restrictions, stopped_runs: runs } = await budgets.restrictions();
      if (what === 'stop_run') {
        const run = runs.find((stopped) => stopped.run === scope['run']);
        if (run !== undefined) await budgets.releaseRun(run.run, by);
        return;
      }
      for (const { id: restriction, incident, step } of restrictions) {
        if (incident === id && step === steps[what]) await budgets.lift(restriction, by);
      }
    },
  };
}

function modelsOf(downgrade: readonly string[] | undefined): readonly string[] {
  if (downgrade !== undefined) return downgrade;
  throw new FarthingError(
    'invalid_action',
    'To degrade calls, say which models are cheaper: an item of `alerts.actions` with `do: degrade` and `downgrade: [gpt-5, gpt-5-mini]`.',
  );
}
