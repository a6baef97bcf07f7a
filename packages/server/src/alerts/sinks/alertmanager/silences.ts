import type { IncidentEvent } from '@farthing/core';
import type { Poster, PosterRequest } from '../../../webhook/index.js';
import { failureOf } from '../answer-failure.js';
import { plainLine } from '../plain-text.js';
import type { Notice } from '../sink.js';

/** What is used here of `gettableSilence` of Alertmanager's api/v2/openapi.yaml. */
interface Silence {
  id: string;
  createdBy: string;
  endsAt: string;
  status: { state: 'expired' | 'active' | 'pending' };
}

export interface SilencesOptions {
  /** `<Alertmanager>/api/v2`. */
  base: string;
  poster: Poster;
  headers: Readonly<Record<string, string>> | undefined;
}

const createdBy = 'farthing';

/**
 * A muted incident is a silenced alert: that is how Alertmanager's users mute one
 * (prometheus.io/docs/alerting/latest/alertmanager, Silences). It stays an alert, nobody is told that it is resolved
 * while it goes on, and its notifications are not repeated. Silences of people are left alone.
 */
export class Silences {
  readonly #options: SilencesOptions;
  /** Incidents of which nothing is silenced any more, as far as this process has to care. */
  readonly #lifted = new Set<string>();

  constructor(options: SilencesOptions) {
    this.#options = options;
  }

  /**
   * Makes Alertmanager's silences what the notice says, before its alert is sent: an end of a muted
   * incident is told, as silenced alerts are not. Rejects as `IncidentSink.send` does.
   *
   * @param now milliseconds since 1970
   */
  async heed({ incident, what }: Notice, now: number): Promise<void> {
    const { id, history, state, muted_until: until } = incident;
    // Those that nobody has muted are asked about nothing.
    const muting = history.findLast((event) => event.what === 'muted');
    if (muting === undefined) return;
    const isOver = what === 'resolved' || state === 'resolved';
    const isMuted = !isOver && until !== null && Date.parse(until) > now;
    if (isMuted) await this.#silence(id, until, muting, now);
    else if (!this.#lifted.has(id)) await this.#lift(id);
    if (isMuted || isOver) this.#lifted.delete(id);
    else this.#lifted.add(id);
  }

  async #silence(
    incident: string,
    until: string,
    { by, note }: IncidentEvent,
    now: number,
  ): Promise<void> {
    const answer = await this.#ask('GET', listOf(incident));
    if (!answer.ok) throw failureOf(answer, 'it shows no silences');
    const known = silencesIn(answer.text)[0];
    // Alertmanager writes times in another form, and leaves what is behind a millisecond out.
    if (known !== undefined && Math.abs(Date.parse(known.endsAt) - Date.parse(until)) < 1_000)
      return;
    const silence = {
      // With an id it is changed, which ends it at another time.
      ...(known === undefined ? {} : { id: known.id }),
      matchers: [{ name: 'incident', value: incident, isRegex: false, isEqual: true }],
      startsAt: new Date(now).toISOString(),
      endsAt: until,
      createdBy,
      comment: plainLine(`Muted by ${by}${note === undefined ? '' : `: ${note}`}`, 1_000),
    };
    const made = await this.#ask('POST', '/silences', JSON.stringify(silence));
    if (!made.ok) throw failureOf(made, 'it takes no silence');
  }

  /** Where silences are not ours to see or to end, none was ours to make. */
  async #lift(incident: string): Promise<void> {
    const answer = await this.#ask('GET', listOf(incident));
    if (!answer.ok) return this.#passOver(answer);
    for (const { id } of silencesIn(answer.text)) {
      const gone = await this.#ask('DELETE', `/silence/${encodeURIComponent(id)}`);
      if (!gone.ok) this.#passOver(gone);
    }
  }

  #passOver(answer: Awaited<ReturnType<Poster['request']>>): void {
    if (answer.mayPass) throw failureOf(answer, 'it shows no silences');
  }

  #ask(method: PosterRequest['method'], path: string, body?: string) {
    const { base, poster, headers } = this.#options;
    return poster.request({ method, url: `${base}${path}`, body, headers });
  }
}

const listOf = (incident: string): string =>
  `/silences?filter=${encodeURIComponent(`incident=${JSON.stringify(incident)}`)}`;

/** Farthing's own that hold, of what was answered; none where that is nothing of the kind. */
function silencesIn(text: string): Silence[] {
  let answered: unknown;
  try {
    answered = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(answered)) return [];
  return (answered as Silence[]).filter(
    (each) => each.createdBy === createdBy && each.status?.state !== 'expired',
  );
}
