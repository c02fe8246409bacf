// A bar on the terminal while something is waited for; nothing where no one looks.

import { styleFor, widthOf } from "./terminal.js";

const BAR = 24;
const TICK_MS = 200;

/** Runs `work(onProgress)` under a bar. */
export async function withProgress({ stderr, env }, what, work) {
  if (!stderr.isTTY || env.TERM === "dumb") return work(undefined);
  const started = Date.now();
  const style = styleFor(stderr, env);
  let done = 0;
  let total = 0;
  const draw = () => stderr.write(`\r${line()}\x1b[K`);
  const line = () => {
    const filled = total === 0 ? 0 : Math.floor((BAR * done) / total);
    const bar = `[${"#".repeat(filled)}${".".repeat(BAR - filled)}]`;
    const rest = ` ${total === 0 ? "waiting" : `${done} of ${total} ${what}`}, ${Math.round((Date.now() - started) / 1000)} s`;
    return `${style.green(bar)}${rest.slice(0, Math.max(0, widthOf(stderr) - bar.length - 1))}`;
  };
  const timer = setInterval(draw, TICK_MS);
  draw();
  try {
    return await work((progress) => {
      ({ done, total } = progress);
      draw();
    });
  } finally {
    clearInterval(timer);
    stderr.write("\r\x1b[K");
  }
}
