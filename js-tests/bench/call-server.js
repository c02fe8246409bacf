// Answers every request on 127.0.0.1 alike, for as long as its parent is there.

import { createServer } from "node:http";
import { ANSWER } from "./call.js";

const server = createServer((_, response) => response.setHeader("content-type", "application/json").end(ANSWER));
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
process.on("disconnect", () => process.exit());
