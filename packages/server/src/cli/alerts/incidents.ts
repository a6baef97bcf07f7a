import type { ActionOrder, AlertAccess, Incident, IncidentQuestion } from '@farthing/core';
import { Command, Option } from 'commander';
import type { CliContext } from '../context.js';
import { jsonOption, wholeNumber } from '../options.js';
import { printJson } from '../prices/access.js';
import { openAlertDesk } from './access.js';
import { renderActionChange, renderChange, type IncidentChange } from './render-change.js';
import { renderIncident, renderIncidents } from './render-incidents.js';

interface ListFlags {
  all?: true;
  severity?: 'page' | 'record';
  since?: string;
  group?: string;
  limit: number;
  json?: true;
}

interface OrderFlags {
  note?: string;
  until?: string;
  json?: true;
}

/** `farthing incidents`: what is wrong, and what to do about it. */
export function incidentsCommand(context: CliContext): Command {
  const incidents = new Command('incidents').description(
    'What was found to be wrong: list, show, acknowledge, mute, resolve, act',
  );
  incidents.addCommand(listCommand(context).exitOverride(), { isDefault: true });
  const order = (
    name: IncidentChange,
    text: string,
    does: (desk: AlertAccess, id: string, flags: OrderFlags & { by: string }) => Promise<Incident>,
  ) => {
    const command = new Command(name)
      .description(text)
      .argument('<id>', 'the incident')
      .option('--note <text>', 'why, for the record')
      .addOption(jsonOption());
    if (name === 'mute') {
      command.option('--until <time>', 'a duration (2h) or an ISO time (default: an hour)');
    }
    command.action(async (id: string, flags: OrderFlags, self: Command) => {
      const desk = await openAlertDesk(context);
      const incident = await does(desk, id, { ...flags, by: context.user });
      tell(context, incident, self, renderChange(name, incident, context.user));
    });
    incidents.addCommand(command.exitOverride());
  };
  incidents.addCommand(showCommand(context).exitOverride());
  order('acknowledge', 'Say that somebody looks after it', (desk, id, { by, note }) =>
    desk.acknowledge(id, { by, note }),
  );
  order('mute', 'Tell nobody of it for a while', (desk, id, { by, note, until }) =>
    desk.mute(id, { by, note, until }),
  );
  order('unmute', 'Tell people of it again', (desk, id, { by, note }) =>
    desk.unmute(id, { by, note }),
  );
  order('resolve', 'Say that it is over, or meant', (desk, id, { by, note }) =>
    desk.resolve(id, { by, note }),
  );
  incidents.addCommand(actCommand(context).exitOverride());
  for (const decision of ['approve', 'revert', 'decline'] as const) {
    incidents.addCommand(decideCommand(context, decision).exitOverride());
  }
  return incidents;
}

function listCommand(context: CliContext): Command {
  return new Command('list')
    .description('Incidents, the latest first (also without "list")')
    .option('--all', 'also those that are resolved')
    .addOption(new Option('--severity <severity>', 'only these').choices(['page', 'record']))
    .option('--since <time>', 'seen since then: 7d, 2026-03-01')
    .option('--group <tag=value>', 'only of this group: feature=search')
    .option('--limit <count>', 'how many at most', wholeNumber('limit', 1, 1_000), 50)
    .addOption(jsonOption())
    .action(async (flags: ListFlags, command: Command) => {
      const desk = await openAlertDesk(context);
      const { all, severity, since, group, limit } = flags;
      const question: IncidentQuestion = { severity, since, group, limit };
      const list = await desk.incidents(all === true ? question : { ...question, state: 'active' });
      if (isJson(command)) return printJson(context, list);
      context.output.write(renderIncidents(list, context.output, context.now(), all === true));
    });
}

function showCommand(context: CliContext): Command {
  return new Command('show')
    .description('One incident: cause, size, likely change, what to do, history')
    .argument('<id>', 'the incident')
    .addOption(jsonOption())
    .action(async (id: string, _flags: object, command: Command) => {
      const desk = await openAlertDesk(context);
      tell(context, await desk.incident(id), command);
    });
}

function actCommand(context: CliContext): Command {
  return new Command('act')
    .description('Throttle, degrade or break its calls, or stop its run, for a time')
    .argument('<id>', 'the incident')
    .addOption(
      new Option('--do <what>', 'what to do')
        .choices(['throttle', 'degrade', 'break', 'stop_run'])
        .makeOptionMandatory(),
    )
    .option('--for <duration>', 'how long, e.g. 30m', '1h')
    .addOption(jsonOption())
    .action(async (id: string, flags: { do: ActionOrder['do']; for: string }, command: Command) => {
      const desk = await openAlertDesk(context);
      const incident = await desk.act(id, { ...flags, by: context.user });
      const begun = incident.actions.findLast((action) => action.do === flags.do)!;
      tell(context, incident, command, renderActionChange('act', incident, begun, context.user));
    });
}

function decideCommand(context: CliContext, decision: 'approve' | 'revert' | 'decline'): Command {
  const texts = {
    approve: 'Let an action that waits begin',
    revert: 'End an action that is in force',
    decline: 'Leave an action that waits undone',
  };
  return new Command(decision)
    .description(texts[decision])
    .argument('<id>', 'the incident')
    .argument('[action]', 'the action (default: the only one that it can be)')
    .option('--note <text>', 'why, for the record')
    .addOption(jsonOption())
    .action(async (id: string, action: string | undefined, flags: OrderFlags, command: Command) => {
      const desk = await openAlertDesk(context);
      const which = action ?? onlyAction(await desk.incident(id), decision) ?? 'none';
      const order = { by: context.user, note: flags.note };
      const incident = await desk.decide(id, which, decision, order);
      const decided = incident.actions.find((each) => each.id === which)!;
      tell(context, incident, command, renderActionChange(decision, incident, decided, order.by));
    });
}

function onlyAction({ actions }: Incident, decision: string): string | undefined {
  const state = decision === 'revert' ? 'in_force' : 'waiting';
  const meant = actions.filter((action) => action.state === state);
  return meant.length === 1 ? meant[0]!.id : undefined;
}

/** An incident, after what was done to it. */
function tell(context: CliContext, incident: Incident, command: Command, done?: string): void {
  if (isJson(command)) return printJson(context, incident);
  const before = done === undefined ? '' : `${done}\n`;
  context.output.write(before + renderIncident(incident, context.now()));
}

function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: true }>().json === true;
}
