import { direct } from './direct.js';
import { farthing } from './farthing.js';
import { nginx } from './nginx.js';
import { portkey } from './portkey.js';
import { undici } from './undici.js';
import type { Target } from './target.js';

export const targets: readonly Target[] = [direct, nginx, undici, portkey, farthing];
