// Makes src/api/wire.ts from openapi.json, which the server hands out at /api/openapi.json.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const document = JSON.parse(readFileSync(new URL("../openapi.json", import.meta.url), "utf8"));
// A field with a default may be left out of a question, so it is optional here.
const nodes = await openapiTS(document, { defaultNonNullable: false, alphabetize: true });
const head = "/** Made by `npm run types` from the server's OpenAPI document. Do not edit. */\n\n";
writeFileSync(new URL("../src/api/wire.ts", import.meta.url), head + astToString(nodes));
