/**
 * Batches answer 207 when a part of them failed, and the SDK takes that for success.
 */
import { HubspotError } from './faults.ts';

/**
 * The answer, if all that it lacks is what does not exist: a record that is gone, a record without links. Any other part
 * that failed would look like data that vanished, so it is a fault, and the batch is tried again.
 */
export function wholeBatch<Answer extends object>(answer: Answer): Answer {
  const errors = (answer as { errors?: { category: string; subCategory?: unknown }[] }).errors ?? [];
  const failure = errors.find((error) => error.category !== 'OBJECT_NOT_FOUND' && error.subCategory !== NO_LINKS);
  if (failure === undefined) return answer;
  throw new HubspotError(`${errors.length} parts of a batch were not answered`, {
    status: 503,
    category: failure.category,
  });
}

// --- internal ---

const NO_LINKS = 'crm.associations.NO_ASSOCIATIONS_FOUND';
