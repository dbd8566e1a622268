/**
 * What is sent to the token service. The SDK knows no client credentials, so the request is made here for all three ways.
 */
import { createSign } from 'node:crypto';

import { RevopsError, type Secret } from 'revops/connector';

import type { SalesforceOptions } from './options.ts';

/** The form of `POST /services/oauth2/token`, made anew for each request: an assertion lives for minutes. */
export function grantForm(options: SalesforceOptions, now: Date): URLSearchParams {
  const { clientCredentials, jwt, refreshToken } = options;
  if (clientCredentials !== undefined) {
    return new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientCredentials.clientId.reveal(),
      client_secret: clientCredentials.clientSecret.reveal(),
    });
  }
  if (refreshToken !== undefined) {
    return new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: refreshToken.clientId.reveal(),
      ...(refreshToken.clientSecret === undefined ? {} : { client_secret: refreshToken.clientSecret.reveal() }),
      refresh_token: refreshToken.refreshToken.reveal(),
    });
  }
  if (jwt === undefined)
    throw new RevopsError(
      'CONFIG_INVALID',
      'connectors.salesforce: give one of clientCredentials, jwt and refreshToken',
    );
  const claims = {
    iss: jwt.clientId.reveal(),
    sub: jwt.username,
    aud: jwt.audience,
    exp: Math.floor(now.getTime() / 1000) + ASSERTION_SECONDS,
  };
  return new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: signed(claims, jwt.privateKey),
  });
}

// --- internal ---

/** The platform takes three minutes at most. */
const ASSERTION_SECONDS = 170;

function signed(claims: object, key: Secret): string {
  const text = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const pem = key.reveal().replaceAll('\\n', '\n');
  try {
    return `${text}.${createSign('RSA-SHA256').update(text).sign(pem, 'base64url')}`;
  } catch {
    throw new RevopsError('AUTH_FAILED', 'salesforce: the private key cannot be used to sign', {
      hint: 'connectors.salesforce.jwt.privateKey is the PEM of an RSA key: -----BEGIN PRIVATE KEY-----, without a passphrase.',
    });
  }
}
