export type { Entry, Tags } from '@farthing/core';
