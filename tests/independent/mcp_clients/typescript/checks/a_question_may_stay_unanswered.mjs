import assert from "node:assert/strict";

export default async function ({ connect, address }) {
  for (const action of ["decline", "cancel"]) {
    const client = await connect(address, () => ({ action }));
    const result = await client.call({ name: "query_artist_data", arguments: { name: "mira" } });
    assert.equal(result.isError, true);
    assert.match(result.content[0].text, /^Nothing was done.*art_.*art_/s);
  }
}
