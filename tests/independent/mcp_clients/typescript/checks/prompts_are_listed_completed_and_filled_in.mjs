import assert from "node:assert/strict";

export default async function ({ connect }) {
  const { sdk } = await connect();
  const { prompts } = await sdk.listPrompts();
  const listed = prompts.map((prompt) => prompt.name);
  assert.deepEqual(listed, [...new Set(listed)], "each once");
  for (const name of ["artist_performance", "change_release", "weekly_report"]) assert.ok(listed.includes(name), name);

  const complete = async (ref, name, value, context) =>
    (await sdk.complete({ ref, argument: { name, value }, context })).completion.values;
  const artists = await complete({ type: "ref/prompt", name: "artist_performance" }, "artist", "mira");
  assert.ok(artists.length >= 2);
  const { messages } = await sdk.getPrompt({ name: "artist_performance", arguments: { artist: artists[0] } });
  assert.match(messages[0].content.text, /doing this month/);
  assert.equal(messages[1].content.type, "resource");

  const files = { type: "ref/resource", uri: "patchline://files/{bucket}/{+fileName}" };
  const buckets = await complete(files, "bucket", "patchline-a");
  assert.deepEqual(buckets.sort(), ["patchline-artwork", "patchline-audio"]);
  const names = await complete(files, "fileName", "", { arguments: { bucket: "patchline-audio" } });
  assert.ok(names.length > 0);
}
