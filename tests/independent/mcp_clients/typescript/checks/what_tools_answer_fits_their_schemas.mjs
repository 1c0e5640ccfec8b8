// Clients compile the schemas of the tools that they have listed, and refuse a result that does not fit.

import assert from "node:assert/strict";

const LISTS = [
  ["music_knowledge_search", { query: "mechanical royalties" }],
  ["list_knowledge_bases", {}],
  ["list_knowledge_documents", {}],
  ["list_audio_files", {}],
  ["list_contracts", {}],
  ["query_artist_data", { limit: 20 }],
  ["query_release_data", { limit: 20 }],
  ["scan_analytics_data", { limit: 20 }],
  ["query_performance_logs", { query: "stats count(*) by level", histogram: true }],
  ["analyze_user_activity", { userId: "local-admin" }],
  ["get_performance_metrics", {}],
];

export default async function ({ connect }) {
  const client = await connect();
  await client.sdk.listTools();
  const call = async (name, parameters) => {
    const result = await client.call({ name, arguments: parameters });
    assert.ok(!result.isError && result.structuredContent, `${name}: ${JSON.stringify(result.content)}`);
    return result.structuredContent;
  };
  for (const [name, parameters] of LISTS) await call(name, parameters);

  const { files } = await call("list_audio_files", { maxKeys: 1 });
  await call("get_audio_file", { fileName: files[0].fileName });
  const contracts = await call("list_contracts", { maxKeys: 1 });
  await call("get_contract", { fileName: contracts.files[0].fileName });
}
