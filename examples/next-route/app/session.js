// Who calls. Put your own session here.

/** The user of a request, or nothing. */
export function userOf(request) {
  const token = /^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
  return token !== undefined && token === process.env.SESSION_TOKEN ? "someone" : undefined;
}
