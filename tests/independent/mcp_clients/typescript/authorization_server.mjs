// A real authorization server (npm `oidc-provider`) at a port of this machine: node authorization_server.mjs PORT
//
// It gives tokens to clients that show a secret, for whatever address they name. The names of some clients say what
// is wrong with the tokens that they get: those are signed all the same.

import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const port = Number(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;

const SCOPE = "tools:read tools:all tools:s3 tools:dynamodb other:things";

/** What is changed in tokens of the client of this name. */
const WRONG = {
  expired: ({ payload }) => (payload.exp = payload.iat - 3600),
  early: ({ payload }) => (payload.nbf = payload.iat + 3600),
  future: ({ payload }) => (payload.iat += 3600),
  elsewhere: ({ payload }) => (payload.iss = "https://evil.example"),
  nonce: ({ payload }) => (payload.nonce = "n"),
  nobody: ({ payload }) => (payload.sub = undefined),
  untyped: (token) => (token.header = { typ: "JWT" }),
  "no-key": (token) => (token.header = { kid: "key-of-nobody" }),
};

const CLIENTS = ["weekly-report", "rsa", "opaque", ...Object.keys(WRONG)];

function key(type, options, kid) {
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: "jwk" }), use: "sig", kid };
}

const provider = new Provider(issuer, {
  clients: CLIENTS.map((name) => ({
    client_id: name,
    client_secret: `secret-of-${name}`,
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
  })),
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    dPoP: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_context, resource, client) => ({
        scope: SCOPE,
        audience: resource,
        accessTokenTTL: 300,
        accessTokenFormat: client.clientId === "opaque" ? "opaque" : "jwt",
        jwt: { sign: { alg: client.clientId === "rsa" ? "RS256" : "ES256" } },
      }),
    },
  },
  formats: {
    customizers: { jwt: (_context, token, parts) => void WRONG[token.clientId]?.(parts) },
  },
  jwks: {
    // Another pair after each start.
    keys: [
      key("ec", { namedCurve: "P-256" }, `ec-${process.pid}`),
      key("rsa", { modulusLength: 2048 }, `rsa-${process.pid}`),
    ],
  },
});

createServer(provider.callback()).listen(port, "127.0.0.1", () => console.log("ready"));
