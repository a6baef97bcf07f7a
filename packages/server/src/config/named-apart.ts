import type { z } from 'zod';

/** Refuses two of a list that have one name; `kind` is what they are called: "outlets". */
export function namedApart(kind: string) {
  return (list: readonly { name: string }[], context: z.RefinementCtx): void => {
    const names = list.map((one) => one.name);
    names.forEach((one, index) => {
      if (names.indexOf(one) === index) return;
      context.addIssue({
        code: 'custom',
        path: [index, 'name'],
        message: `there are two ${kind} named "${one}": each needs a name of its own`,
      });
    });
  };
}
