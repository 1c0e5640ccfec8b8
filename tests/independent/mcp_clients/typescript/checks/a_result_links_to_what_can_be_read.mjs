import assert from "node:assert/strict";

export default async function ({ connect }) {
  const client = await connect();
  const listed = await client.call({ name: "query_release_data", arguments: { limit: 2 } });
  const links = listed.content.filter((content) => content.type === "resource_link");
  assert.equal(links.length, 2);
  for (const [number, { uri, name }] of links.entries()) {
    const { contents } = await client.sdk.readResource({ uri });
    const release = JSON.parse(contents[0].text);
    assert.equal(release.releaseId, listed.structuredContent.rows[number].releaseId);
    assert.equal(release.title, name);
  }
}
