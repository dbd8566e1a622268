import { metaAds } from '../../../connectors/meta-ads/index.ts';
import { testStagingModels } from '../staging-models.ts';
import { optionsFor } from './connection.ts';

testStagingModels(metaAds(optionsFor({ url: 'http://127.0.0.1:9' })));
