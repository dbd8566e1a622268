/** Every planted fault. */
import { ADVERTISING_FAULTS } from './advertising.ts';
import { CRM_FAULTS } from './crm.ts';
import type { Fault } from './fault.ts';
import { TRACKING_FAULTS } from './tracking.ts';

export const FAULTS: readonly Fault[] = [...TRACKING_FAULTS, ...ADVERTISING_FAULTS, ...CRM_FAULTS];
