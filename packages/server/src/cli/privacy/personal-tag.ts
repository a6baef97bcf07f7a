import { Option } from 'commander';
import { storedValues, type StoredValue } from '../../privacy/index.js';
import type { CliContext } from '../context.js';
import { usageError } from '../output/exit-codes.js';

/** A person, as the options `--user` and `--tag` name one. */
export interface PersonalTag {
  tag: string;
  value: string;
}

export interface PersonalTagOptions {
  user?: string;
  tag?: string;
}

export const userOption = (): Option =>
  new Option('--user <id>', 'the user, as your application names them');
export const tagOption = (): Option =>
  new Option('--tag <name=value>', 'the value of another tag, e.g. author=ada@example.com');

export function readPersonalTag({ user, tag }: PersonalTagOptions): PersonalTag {
  if (user !== undefined && tag !== undefined) throw usageError('Say --user or --tag, not both.');
  if (user !== undefined) return { tag: 'user', value: user };
  const [, name, value] = /^(?:tag:)?([^=]+)=(.+)$/s.exec(tag ?? '') ?? [];
  if (name === undefined || value === undefined) {
    throw usageError('Say who: --user <id>, or --tag <name>=<value>.');
  }
  return { tag: name, value };
}

/** What the person is stored as, by the keys of this data directory. They never leave the machine. */
export function storedAs(context: CliContext, { tag, value }: PersonalTag): StoredValue[] {
  if (context.controlUrl !== undefined) {
    throw usageError(
      'This needs the key of the data directory: run it on the machine of the control plane, without --url and FARTHING_URL.',
    );
  }
  return storedValues(tag, value, context.privacy, context.dataDirectory);
}
