import type { Incident } from '@farthing/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { takeIncident } from './incident-cache.js';

/** Does something to an incident and shows it as it is afterwards. For dialogs, which say what was refused. */
export function useIncidentChange(): (work: Promise<Incident>) => Promise<Incident> {
  const client = useQueryClient();
  return useCallback(
    async (work) => {
      const incident = await work;
      takeIncident(client, incident);
      return incident;
    },
    [client],
  );
}

/** The same for what needs no question: one press does it. */
export function useIncidentPress(work: () => Promise<Incident>) {
  const take = useIncidentChange();
  return useMutation({ mutationFn: () => take(work()) });
}
