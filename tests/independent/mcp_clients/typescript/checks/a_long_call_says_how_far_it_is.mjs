import assert from "node:assert/strict";

export default async function ({ connect }) {
  const client = await connect();
  const steps = [];
  const query = { query: "fields @timestamp, @message | limit 5" };
  const result = await client.call(
    { name: "query_performance_logs", arguments: query },
    { onprogress: (step) => steps.push(step) },
  );
  assert.ok(!result.isError, JSON.stringify(result.content));
  assert.ok(steps.length > 0 && steps.every((step) => step.message));
  const far = steps.map((step) => step.progress);
  assert.deepEqual(far, [...new Set(far)].sort((one, other) => one - other));
}
