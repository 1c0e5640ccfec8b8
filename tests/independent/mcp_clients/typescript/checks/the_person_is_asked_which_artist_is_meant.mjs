import assert from "node:assert/strict";

export default async function ({ connect, address }) {
  for (const number of [0, 1]) {
    let offered;
    const client = await connect(address, ({ message, requestedSchema }) => {
      assert.match(message, /Which one is meant/);
      offered = requestedSchema.properties.artistId.oneOf.map((option) => option.const);
      return { action: "accept", content: { artistId: offered[number] } };
    });
    const result = await client.call({ name: "query_artist_data", arguments: { name: "mira" } });
    assert.equal(offered.length, 2);
    assert.deepEqual(result.structuredContent.rows.map((row) => row.artistId), [offered[number]]);
  }
}
