import assert from "node:assert/strict";

export default async function ({ connect }) {
  const { sdk } = await connect();
  const { prompts } = await sdk.listPrompts();
  assert.deepEqual(
    prompts.map((prompt) => prompt.name),
    ["artist_review", "release_plan", "quality_check", "weekly_report"],
  );

  const complete = async (ref, name, value, context) =>
    (await sdk.complete({ ref, argument: { name, value }, context })).completion.values;
  const artists = await complete({ type: "ref/prompt", name: "artist_review" }, "artist", "mira");
  assert.ok(artists.length >= 2);
  const { messages } = await sdk.getPrompt({ name: "artist_review", arguments: { artist: artists[0] } });
  assert.match(messages[0].content.text, /Review the artist/);
  assert.equal(messages[1].content.type, "resource");

  const files = { type: "ref/resource", uri: "patchline://files/{bucket}/{+fileName}" };
  const buckets = await complete(files, "bucket", "patchline-a");
  assert.deepEqual(buckets.sort(), ["patchline-artwork", "patchline-audio"]);
  const names = await complete(files, "fileName", "", { arguments: { bucket: "patchline-audio" } });
  assert.ok(names.length > 0);
}
