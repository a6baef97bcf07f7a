import type {
  ActionOrder,
  AlertAccess,
  AlertOverview,
  DryRun,
  DryRunRequest,
  Incident,
  IncidentList,
  IncidentOrder,
  IncidentQuestion,
  SinkTrial,
} from '@farthing/core';
import { findControlPlane, type ControlPlane } from '../books/control-plane.js';
import type { CliContext } from '../context.js';

/** Incidents of the control plane that runs for the data directory or was named; else those on disk. */
export async function openAlertDesk(
  context: CliContext,
  onProgress?: (progress: { entries: number; until: string }) => void,
): Promise<AlertAccess> {
  const control = await findControlPlane(context);
  if (control === null) return context.openAlerts(onProgress);
  context.output.note(`Asking the control plane at ${control.url}.`);
  return new RemoteAlerts(control);
}

const root = '/api/v1/incidents';

/** Incidents over HTTP. */
class RemoteAlerts implements AlertAccess {
  readonly #control: ControlPlane;

  constructor(control: ControlPlane) {
    this.#control = control;
  }

  async incidents(question: IncidentQuestion): Promise<IncidentList> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(question)) {
      if (value !== undefined) query.set(name, String(value));
    }
    return (await this.#control.get(`${root}?${query}`)) as IncidentList;
  }

  async incident(id: string): Promise<Incident> {
    return (await this.#control.get(of(id))) as Incident;
  }

  acknowledge(id: string, order: IncidentOrder): Promise<Incident> {
    return this.#post(`${of(id)}/acknowledge`, order);
  }

  mute(id: string, order: IncidentOrder & { until?: string | undefined }): Promise<Incident> {
    return this.#post(`${of(id)}/mute`, order);
  }

  unmute(id: string, order: IncidentOrder): Promise<Incident> {
    return this.#post(`${of(id)}/unmute`, order);
  }

  resolve(id: string, order: IncidentOrder): Promise<Incident> {
    return this.#post(`${of(id)}/resolve`, order);
  }

  act(id: string, order: ActionOrder): Promise<Incident> {
    return this.#post(`${of(id)}/actions`, order);
  }

  decide(
    id: string,
    action: string,
    decision: 'approve' | 'revert' | 'decline',
    order: IncidentOrder,
  ): Promise<Incident> {
    return this.#post(`${of(id)}/actions/${encodeURIComponent(action)}/${decision}`, order);
  }

  async overview(): Promise<AlertOverview> {
    return (await this.#control.get('/api/v1/alerts')) as AlertOverview;
  }

  test(request: DryRunRequest): Promise<DryRun> {
    return this.#post('/api/v1/alerts/test', request);
  }

  trySink(name: string): Promise<SinkTrial> {
    return this.#post(`/api/v1/alerts/sinks/${encodeURIComponent(name)}/try`, {});
  }

  async #post<Result>(path: string, body: unknown): Promise<Result> {
    return (await this.#control.post(path, JSON.stringify(body))) as Result;
  }
}

function of(id: string): string {
  return `${root}/${encodeURIComponent(id)}`;
}
