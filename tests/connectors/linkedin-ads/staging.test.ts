import { linkedinAds } from '../../../connectors/linkedin-ads/index.ts';
import { testStagingModels } from '../staging-models.ts';
import { optionsFor } from './connection.ts';

testStagingModels(linkedinAds(optionsFor({ url: 'http://127.0.0.1:9' })));
