import assert from "node:assert/strict";

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

export default async function ({ connect }) {
  const client = await connect();
  const addresses = [];
  let cursor;
  do {
    const page = await client.sdk.listResources({ cursor });
    addresses.push(...page.resources.map((resource) => resource.uri));
    cursor = page.nextCursor;
  } while (cursor);
  assert.equal(new Set(addresses).size, addresses.length);

  const first = (begin) => addresses.find((address) => address.startsWith(`patchline://${begin}`));
  const read = async (uri) => (await client.sdk.readResource({ uri })).contents[0];
  assert.ok(first("releases/"));
  assert.ok(JSON.parse((await read(first("artists/"))).text).artistId);
  const picture = Buffer.from((await read(first("files/patchline-artwork/"))).blob, "base64");
  assert.deepEqual(picture.subarray(0, 4), PNG);
  assert.match((await read(first("knowledge/entries/"))).text, /^# /);

  const { resourceTemplates } = await client.sdk.listResourceTemplates();
  assert.equal(resourceTemplates.length, 4);
  const nobody = "patchline://artists/nobody";
  await assert.rejects(read(nobody), { code: client.codeOfMissing, message: /no artist "nobody"/ });
}
