import {
  FarthingError,
  type Closing,
  type Entry,
  type RepriceSummary,
  type Restatement,
} from '@farthing/core';
import type { Corrections, RepriceRequest, WalkProgress } from '../../reprice/index.js';
import { requireData } from '../books/books.js';
import type { CliContext } from '../context.js';
import { findControlPlane, type ControlPlane } from '../books/control-plane.js';

/**
 * Corrects or closes the books through a running control plane or, when none runs, in this process,
 * and says on standard error which.
 */
export async function withCorrections<Result>(
  context: CliContext,
  work: (corrections: Corrections) => Promise<Result>,
): Promise<Result> {
  const control = await findControlPlane(context);
  if (control !== null) {
    context.output.note(`Asking the control plane at ${control.url}.`);
    return work(remoteCorrections(control));
  }
  requireData(context);
  context.output.note(
    `No control plane runs for ${context.dataDirectory}: opening its books directly.`,
  );
  const books = await context.openBooks();
  try {
    return await work(await context.openCorrections(books));
  } finally {
    await books.close();
  }
}

/** Progress on the terminal's last line, where there is one. */
export function showProgress(context: CliContext): (progress: WalkProgress) => void {
  if (!context.output.tty) return () => undefined;
  let shownAt = 0;
  return ({ examined, changed, total }) => {
    const now = context.now().getTime();
    if (now - shownAt < 100) return;
    shownAt = now;
    context.output.progress(
      `${examined.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} calls priced again, ${changed.toLocaleString('en-US')} changed`,
    );
  };
}

function remoteCorrections(control: ControlPlane): Corrections {
  const post = (path: string, body: object) => control.post(path, JSON.stringify(body));
  return {
    reprice: (request, onProgress) => repriceRemotely(control, request, onProgress),
    state: async ({ reason, model, ...amount }) =>
      (await post('/api/v1/adjustments', {
        ...amount,
        why: reason,
        ...(model === null ? {} : { model }),
      })) as Entry,
    close: async ({ month, asOf, by, again }) =>
      (await post('/api/v1/closings', { month, by, again, as_of: asOf })) as Closing,
    closings: async () =>
      ((await control.get('/api/v1/closings')) as { closings: Closing[] }).closings,
    restatement: async (month) =>
      (await control.get(`/api/v1/restatements/${encodeURIComponent(month)}`)) as Restatement,
  };
}

type RepriceLine =
  | { progress: WalkProgress }
  | { summary: RepriceSummary }
  | { error: { code: string; message: string } };

/** Reads the answer line by line: a long run says how far it is, and no silence cuts it off. */
async function repriceRemotely(
  control: ControlPlane,
  { window, dryRun, ...request }: RepriceRequest,
  onProgress: (progress: WalkProgress) => void = () => undefined,
): Promise<RepriceSummary> {
  const response = await control.fetch('/api/v1/reprice', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
    body: JSON.stringify({
      ...request,
      since: window.from,
      until: window.to,
      dry_run: dryRun,
    }),
  });
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    rest += decoder.decode(chunk, { stream: true });
    const texts = rest.split('\n');
    rest = texts.pop() ?? '';
    for (const text of texts) {
      const line = JSON.parse(text) as RepriceLine;
      if ('progress' in line) onProgress(line.progress);
      else if ('summary' in line) return line.summary;
      else throw new FarthingError(line.error.code, line.error.message);
    }
  }
  throw new FarthingError(
    'control_plane_unreachable',
    `The control plane at ${control.url} ended its answer early. What it has booked stays: run the command again, and it goes on from there.`,
  );
}
