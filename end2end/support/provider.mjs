// A provider of OpenID Connect at a free port, with the pages that the library has for development: whoever types
// a name is let in as that. About some names it lies. Started as a process of its own by the tests; says its address.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { liar, lies } from './lies.mjs';

// The library is written for a Node that has this.
URL.parse ??= (text, base) => (URL.canParse(text, base) ? new URL(text, base) : null);
const { Provider } = await import('oidc-provider');

/** What the provider says of its people; those whom it does not know are in no group. */
const PEOPLE = {
  ana: { name: 'Ana Holm', email: 'ana@label.example', email_verified: true, groups: ['label-staff'] },
  ben: { name: 'Ben', email: 'ben@label.example', email_verified: true, groups: ['label-admins'] },
  eve: { name: 'Eve', email: 'eve@label.example', email_verified: false, groups: ['label-staff'] },
};

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'patchline',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        // At any port: that of the server is not known yet (RFC 8252, 7.3).
        redirect_uris: ['http://127.0.0.1/sign-in/openid/callback'],
        post_logout_redirect_uris: ['http://127.0.0.1/signed-out'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    cookies: { keys: ['a key of the browser tests'] },
    features: { devInteractions: { enabled: true } },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...(PEOPLE[id] ?? liar(id)) }) }),
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'of-the-tests' }] },
    // On a slow machine somebody comes back late.
    ttl: { AuthorizationCode: 600 },
  });
  provider.use(lies(provider, privateKey));
  server.on('request', provider.callback());
  console.log(issuer);
});
