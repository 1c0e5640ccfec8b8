// What a provider says that is not to be believed. The name of whoever signs in says what is wrong with it; about
// everybody else the provider tells the truth.
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

const STRANGER = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

/** What is changed in somebody's token before it is signed once more. The first one stays as it is. */
const TOKENS = {
  'signed-anew': () => {},
  'other-audience': ({ claims }) => void (claims.aud = 'another-application'),
  'shared-audience': ({ claims }) => void (claims.aud = ['another-application', claims.aud]),
  'other-issuer': ({ claims }) => void (claims.iss = 'https://login.example'),
  'expired': ({ claims }) => void (claims.exp = claims.iat - 3600),
  'early': ({ claims }) => void (claims.nbf = claims.iat + 3600),
  'other-nonce': ({ claims }) => void (claims.nonce = 'of another sign-in'),
  'no-nonce': ({ claims }) => void delete claims.nonce,
  'access-token': ({ head }) => void (head.typ = 'at+jwt'),
  'unsigned': ({ head }) => void (head.alg = 'none'),
  'public-key': ({ head }) => void (head.alg = 'HS256'),
  'stranger': (token) => void (token.key = STRANGER),
  'unknown-key': (token) => void ((token.key = STRANGER), (token.head.kid = 'key-of-nobody')),
};

/** What is changed in what somebody's browser brings back. */
const WAYS_BACK = {
  'other-state': ({ brought }) => brought.set('state', 'of another browser'),
  'other-provider': ({ brought }) => brought.set('iss', 'https://login.example'),
  'no-code': ({ brought }) => brought.delete('code'),
  'made-up-code': ({ brought }) => brought.set('code', 'made-up'),
  // Somebody was faster.
  'used-code': async ({ brought, provider }) => (await provider.AuthorizationCode.find(brought.get('code'))).consume(),
};

/** What is changed in what is said where more is asked. */
const MORE = { 'two-people': (said) => void (said.sub = 'somebody-else') };

/** Whoever signs in under the name of a lie: an admin, if that were believed. None of anybody else. */
export function liar(name) {
  if (![TOKENS, WAYS_BACK, MORE].some((lies) => Object.hasOwn(lies, name))) return undefined;
  return { name: 'Mallory Quill', email: `${name}@label.example`, email_verified: true, groups: ['label-admins'] };
}

const SIGNATURES = {
  RS256: (message, key) => sign('sha256', Buffer.from(message), key).toString('base64url'),
  HS256: (message, key) => {
    const secret = createPublicKey(key).export({ type: 'spki', format: 'pem' });
    return createHmac('sha256', secret).update(message).digest('base64url');
  },
  none: () => '',
};

function signed({ head, claims, key }) {
  const parts = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const message = parts.join('.');
  return `${message}.${SIGNATURES[head.alg](message, key)}`;
}

/** The token as it is given out; it says all of a liar that would let them in. */
function changed(text, key) {
  const [head, claims] = text.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));
  const lie = Object.hasOwn(TOKENS, claims.sub) ? TOKENS[claims.sub] : undefined;
  if (!lie) return text;
  const token = { head, claims: { ...claims, ...liar(claims.sub) }, key };
  lie(token);
  return signed(token);
}

/** Changes what the provider answers. `key` is what it signs with. */
export function lies(provider, key) {
  return async (context, next) => {
    await next();
    const { oidc, body } = context;
    if (body?.id_token) body.id_token = changed(body.id_token, key);
    if (Object.hasOwn(MORE, body?.sub ?? '')) MORE[body.sub](body);
    const back = context.response.get('location');
    const name = oidc?.session?.accountId ?? '';
    if (URL.canParse(back) && new URL(back).pathname === '/sign-in/openid/callback' && Object.hasOwn(WAYS_BACK, name)) {
      const address = new URL(back);
      await WAYS_BACK[name]({ brought: address.searchParams, provider });
      context.set('location', address.href);
    }
  };
}
