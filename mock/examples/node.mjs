// Sends a bill, lets its payer pay it, takes the callback, and cancels. Needs Node.js 18 and a mock server:
//   payssam mock -- node mock/examples/node.mjs
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import assert from "node:assert/strict";

const env = process.env;
const [base, apiKey] = [env.PAYSSAM_BASE_URL, env.PAYSSAM_API_KEY];
const envelope = { apiKey, member: env.PAYSSAM_MEMBER, merchant: env.PAYSSAM_MERCHANT };
const desk = new URL("/_mock", base);
const hash = (...parts) => createHash("sha256").update(parts.join(",")).digest("hex");

async function post(url, body) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  return response.json();
}

async function payssam(path, bill) {
  const { code, message, data } = await post(base + path, { ...envelope, bill });
  assert.equal(code, "0000", `${path}: ${code} ${message}`);
  return data;
}

// Only a hint that something was paid: anybody can post here, so the bill is read.
const called = Promise.withResolvers?.() ?? {};
called.promise ??= new Promise((resolve) => { called.resolve = resolve; });
const receiver = createServer(async (request, response) => {
  let body = "";
  for await (const piece of request) body += piece;
  response.setHeader("content-type", "application/json");
  response.end('{"code":"0000","msg":"성공하였습니다."}');
  called.resolve(JSON.parse(body).billId);
});
await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));

const [billId, phone, price] = [`node-${Date.now()}`, "01012345678", "45000"];
await payssam("/bill", {
  billId, phone, price, sendType: "URL", productName: "수강료", memberName: "김하나",
  hash: hash(billId, phone, price),
  callbackUrl: `http://127.0.0.1:${receiver.address().port}/payssam`,
});
await post(`${desk}/bills/${billId}/pay?merchant=${envelope.merchant}`, {});

assert.equal(await called.promise, billId);
const paid = await payssam("/bill/read", { billId });
assert.deepEqual([paid.apprState, paid.apprPrice], ["F", price]);

// Without a phone in the request, the hash has two parts.
await payssam("/bill/cancel", { billId, price, hash: hash(billId, price) });
assert.equal((await payssam("/bill/read", { billId })).apprState, "C");
receiver.close();
console.log(`${billId} was sent, paid, called back and cancelled`);
