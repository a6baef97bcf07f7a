import { FarthingError, type Restriction, type StoppedRun } from '@farthing/core';
import type {
  Account,
  BreakerOrder,
  BreakerView,
  BudgetAccess,
  BudgetList,
  BudgetView,
  EstimateRequest,
  FoundDecision,
  HistoryQuestion,
  Raise,
  Raising,
  Recorded,
  RequestEstimate,
  RestrictionList,
  RestrictionOrder,
  StopOrder,
} from '../../budgets/index.js';
import type { CliContext } from '../context.js';
import { findControlPlane, type ControlPlane } from '../books/control-plane.js';
import { namedControlPlane } from '../prices/access.js';

/**
 * The budgets of the control plane that runs for the data directory or was named by hand: it has the
 * configuration that holds. When none runs, those of this one's configuration.
 */
export async function openBudgets(context: CliContext): Promise<BudgetAccess> {
  const control = await findControlPlane(context);
  if (control === null) return context.openBudgets();
  context.output.note(`Asking the control plane at ${control.url}.`);
  return new RemoteBudgets(control);
}

/** For estimates: with the keys of this environment, unless a control plane was named by hand. */
export async function openEstimates(context: CliContext): Promise<BudgetAccess> {
  const control = await namedControlPlane(context);
  return control === null ? context.openBudgets() : new RemoteBudgets(control);
}

const root = '/api/v1/budgets';
const restrictionsRoot = '/api/v1/restrictions';

/** Budgets over HTTP. */
class RemoteBudgets implements BudgetAccess {
  readonly #control: ControlPlane;

  constructor(control: ControlPlane) {
    this.#control = control;
  }

  async list(): Promise<BudgetList> {
    return (await this.#control.get(root)) as BudgetList;
  }

  async show(name: string, most: number): Promise<BudgetView> {
    return (await this.#control.get(`${of(name)}?accounts=${most}`)) as BudgetView;
  }

  set(budget: Record<string, unknown>, by: string): Promise<Recorded> {
    return this.#send('PUT', root, { budget, by }) as Promise<Recorded>;
  }

  remove(name: string): Promise<Recorded> {
    return this.#send('DELETE', of(name)) as Promise<Recorded>;
  }

  pause(name: string, by: string): Promise<Recorded> {
    return this.#send('POST', `${of(name)}/pause`, { by }) as Promise<Recorded>;
  }

  resume(name: string, by: string): Promise<Recorded> {
    return this.#send('POST', `${of(name)}/resume`, { by }) as Promise<Recorded>;
  }

  raise(name: string, raise: Raise, by: string, account?: Account): Promise<Raising> {
    const stated = 'to' in raise ? { to: raise.to } : { add: raise.by };
    const body = { ...stated, by, ...(account === undefined ? {} : { account }) };
    return this.#send('POST', `${of(name)}/raise`, body) as Promise<Raising>;
  }

  async why(call: string): Promise<FoundDecision | null> {
    try {
      const path = `${root}/decisions/${encodeURIComponent(call)}`;
      return (await this.#control.get(path)) as FoundDecision;
    } catch (error) {
      if (FarthingError.isInstance(error) && error.code === 'no_decision') return null;
      throw error;
    }
  }

  async history({ limit, budget, outcome }: HistoryQuestion): Promise<FoundDecision[]> {
    const query = new URLSearchParams({ limit: String(limit) });
    if (budget !== undefined) query.set('budget', budget);
    if (outcome !== undefined) query.set('outcome', outcome);
    const { decisions } = (await this.#control.get(`${root}/decisions?${query}`)) as {
      decisions: FoundDecision[];
    };
    return decisions;
  }

  acknowledge(token: string, by: string) {
    return this.#send('POST', `${root}/acknowledgements`, { token, by }) as Promise<{
      budgets: string[];
      expires_at: string;
    }>;
  }

  async breakers(): Promise<BreakerView[]> {
    const { breakers } = (await this.#control.get(`${root}/breakers`)) as {
      breakers: BreakerView[];
    };
    return breakers;
  }

  trip(breaker: string, order: BreakerOrder, by: string) {
    return this.#send('POST', `${ofBreaker(breaker)}/trip`, { ...order, by }) as Promise<
      Recorded & { until: string }
    >;
  }

  reset(breaker: string, order: BreakerOrder, by: string): Promise<Recorded> {
    const path = `${ofBreaker(breaker)}/reset`;
    return this.#send('POST', path, { ...order, by }) as Promise<Recorded>;
  }

  async restrictions(): Promise<RestrictionList> {
    return (await this.#control.get(restrictionsRoot)) as RestrictionList;
  }

  restrict(order: RestrictionOrder, by: string): Promise<Restriction> {
    return this.#send('POST', restrictionsRoot, { ...order, by }) as Promise<Restriction>;
  }

  lift(id: string, by: string, note?: string): Promise<Recorded> {
    const path = `${restrictionsRoot}/${encodeURIComponent(id)}/lift`;
    return this.#send('POST', path, { by, note }) as Promise<Recorded>;
  }

  stopRun(run: string, order: StopOrder, by: string): Promise<StoppedRun> {
    return this.#send('POST', `${ofRun(run)}/stop`, { ...order, by }) as Promise<StoppedRun>;
  }

  releaseRun(run: string, by: string, note?: string): Promise<Recorded> {
    return this.#send('POST', `${ofRun(run)}/release`, { by, note }) as Promise<Recorded>;
  }

  estimate(request: EstimateRequest): Promise<RequestEstimate> {
    return this.#send('POST', '/api/v1/estimates', request) as Promise<RequestEstimate>;
  }

  async #send(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.#control.fetch(path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return response.json();
  }
}

function of(name: string): string {
  return `${root}/${encodeURIComponent(name)}`;
}

function ofBreaker(name: string): string {
  return `${root}/breakers/${encodeURIComponent(name)}`;
}

function ofRun(run: string): string {
  return `/api/v1/runs/${encodeURIComponent(run)}`;
}
