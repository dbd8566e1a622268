import { googleAds } from '../../../connectors/google-ads/index.ts';
import { testStagingModels } from '../staging-models.ts';
import { optionsFor } from './connection.ts';

testStagingModels(googleAds(optionsFor({ url: 'http://127.0.0.1:9' })));
