import { FarthingError } from '@farthing/core';
import { Command } from 'commander';
import type { OutletStatus } from '../../outlets/index.js';
import type { CliContext } from '../context.js';
import { findControlPlane } from '../books/control-plane.js';
import { displayCount, displayTime } from '../output/display.js';
import { jsonOption } from '../options.js';
import { printJson } from '../prices/access.js';
import { printable, renderTable } from '../output/table.js';

/** `farthing outlets`: where booked entries go besides the store, and how far each outlet is. */
export function outletsCommand(context: CliContext): Command {
  return new Command('outlets')
    .description('Where booked entries go besides the store, and how far each outlet is')
    .addOption(jsonOption())
    .action(async ({ json }: { json?: boolean }) => {
      const control = await findControlPlane(context);
      if (control === null) {
        throw new FarthingError(
          'control_plane_unreachable',
          `No control plane runs for ${context.dataDirectory}, so nothing is delivered at the moment. Entries wait in the journals: start "farthing up".`,
        );
      }
      const { outlets } = (await control.get('/api/v1/outlets')) as { outlets: OutletStatus[] };
      if (json === true) return printJson(context, outlets);
      if (outlets.length === 0) {
        context.output.note('There is no outlet. `outlets:` in farthing.yaml adds one.');
        return;
      }
      const column = (header: string, cells: string[], align: 'left' | 'right' = 'left') => ({
        header,
        align,
        cells,
      });
      context.output.write(
        renderTable(
          [
            column(
              'outlet',
              outlets.map(({ name }) => name),
            ),
            column(
              'type',
              outlets.map(({ type }) => type),
            ),
            column(
              'state',
              outlets.map(({ state }) => state),
            ),
            column(
              'delivered',
              outlets.map((one) => displayCount(one.delivered)),
              'right',
            ),
            column(
              'bytes behind',
              outlets.map((one) => displayCount(one.behind_bytes)),
              'right',
            ),
            column(
              'last (UTC)',
              outlets.map(({ last_delivered_at: at }) =>
                at === null ? '' : displayTime(at, 'UTC'),
              ),
            ),
          ],
          context.output,
        ),
      );
      for (const { name, problem } of outlets) {
        if (problem !== null) context.output.note(`${name}: ${printable(problem)}`);
      }
      if (outlets.some(({ problem }) => problem !== null)) context.setExitCode(1);
    });
}
