import { stripe } from '../../../connectors/stripe/index.ts';
import { testStagingModels } from '../staging-models.ts';
import { optionsFor } from './connection.ts';

testStagingModels(stripe(optionsFor({ url: 'http://127.0.0.1:9' })));
