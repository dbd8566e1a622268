/**
 * The marts behind an answer: as published, or computed by their own SQL over other credits, another attribution model,
 * or spend and credit of a part.
 */
import { RevopsError } from '../errors.ts';
import { modelSql, type CompiledProject } from '../model/index.ts';
import { compileModels } from '../project/overlay.ts';
import type { Project } from '../project/load.ts';
import type { Session, Warehouse } from '../warehouse/contract.ts';
import { identifier, literal } from '../warehouse/sql.ts';
import { adRelations, adsAsked } from './cac-ads.ts';
import { otherCredits } from './cac-credits.ts';
import { preludeOf } from './cac-prelude.ts';
import { type CacQuestion, isPublished } from './cac-question.ts';

export interface CacMarts {
  /** `with cac as (…), … `; empty for the published ones. */
  prelude: string;
  /** The same for all customers, where only some of them were asked about and spend is everybody's. */
  wholePrelude?: string;
  /** Names of what stands in the column `channel`, where that is a key. */
  names: ReadonlyMap<string, string>;
  /** What the credits are: for people, and for JSON. */
  line?: string;
  credits: Record<string, string | null>;
}

/** USAGE where something was asked about that is not there. */
export async function cacMarts(
  session: Session,
  warehouse: Warehouse,
  project: Project,
  question: CacQuestion,
): Promise<CacMarts> {
  if (isPublished(question)) return { prelude: '', names: new Map(), credits: { as: 'reported' } };
  const compiled = await compileModels(project);
  const { given, line, about } = await otherCredits(warehouse, project, compiled, question.credits);
  const ads = await adsAsked(session, question.by, question.filters);
  const settings = await settingsWith(session, warehouse, compiled, question.model);
  const costs = await costsByChannel(warehouse, compiled, given);
  const preludeFor = async (filters: CacQuestion['filters']): Promise<string> => {
    const credits = given.get('attribution_credits') ?? 'select * from core.attribution_credits';
    const spend = given.get('spend_daily') ?? 'select * from core.spend_daily';
    const parts = adRelations(compiled, ads, filters, { credits, spend, costs }, question);
    return await preludeOf(warehouse, compiled, martsOf(question), new Map([...given, ...settings, ...parts]));
  };
  const { minTouchpoints, ...others } = question.filters;
  return {
    prelude: await preludeFor(question.filters),
    ...(minTouchpoints === undefined ? {} : { wholePrelude: await preludeFor(others) }),
    names: ads.names,
    credits: about,
    ...(line === undefined ? {} : { line }),
  };
}

// --- internal ---

/** The marts an answer reads. */
function martsOf({ basis, isDecomposed }: CacQuestion): string[] {
  if (basis === 'cohort') return ['cohort_cac'];
  return ['cac', 'marginal_cac', ...(isDecomposed ? ['cac_decomposition'] : [])];
}

/** Costs besides ad spend, as of the moment asked about. */
async function costsByChannel(
  warehouse: Warehouse,
  compiled: CompiledProject,
  given: ReadonlyMap<string, string>,
): Promise<string> {
  if (given.size === 0) return 'select * from core.fixed_cost_periods';
  return `${await preludeOf(warehouse, compiled, ['fixed_cost_periods'], given)}select * from fixed_cost_periods`;
}

/** The settings with another primary model. USAGE where no credits are computed for it. */
async function settingsWith(
  session: Session,
  warehouse: Warehouse,
  compiled: CompiledProject,
  model: string | undefined,
): Promise<Map<string, string>> {
  if (model === undefined) return new Map();
  const listed = await session.query<{ attribution_model: string }>(
    `select attribution_model from (${await modelSql(warehouse, compiled, 'attribution_models')}) as listed order by 1`,
  );
  const names = listed.map(({ attribution_model: name }) => name);
  if (!names.includes(model)) {
    throw new RevopsError('USAGE', `--model: no credits are computed for ${JSON.stringify(model)}`, {
      hint: `There are: ${names.join(', ')}.`,
    });
  }
  const columns = (compiled.byName.get('settings')?.columns ?? [])
    .filter(({ name }) => name !== 'primary_model')
    .map(({ name }) => identifier(name));
  const settings = await modelSql(warehouse, compiled, 'settings');
  return new Map([
    ['settings', `select ${columns.join(', ')}, ${literal(model)} as primary_model from (${settings}) as settings`],
  ]);
}
