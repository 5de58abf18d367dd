/** What went wrong with a request, in the server's own (Chinese) words where it answered at all. */
export class Problem extends Error {
  /** @param fields messages by field; a field inside an object is written `requester.phone`. */
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly fields: Record<string, string> = {},
  ) {
    super(`${status} ${code}`);
    this.name = "Problem";
  }

  /** Nobody answered: the request may or may not have arrived. */
  get isOffline(): boolean {
    return this.status === 0;
  }

  /** It does not fit the case as it is. */
  get isConflict(): boolean {
    return this.status === 409;
  }

  /** The case moved on since it was shown. */
  get isOvertaken(): boolean {
    return this.isConflict && (this.code === "stale_version" || this.code === "wrong_state");
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function flatten(errors: unknown, prefix = ""): Record<string, string> {
  if (!isObject(errors)) return {};
  const flat: Record<string, string> = {};
  for (const [field, said] of Object.entries(errors)) {
    if (isObject(said)) Object.assign(flat, flatten(said, `${prefix}${field}.`));
    else flat[prefix + field] = Array.isArray(said) ? said.map(String).join(" ") : String(said);
  }
  return flat;
}

/** From the body of a refused request (RFC 9457), or from whatever a proxy sent in its place. */
export function problemFrom(status: number, body: unknown): Problem {
  if (!isObject(body)) return new Problem(status, "unreadable", "");
  const detail = [body.detail, body.title].find((said) => typeof said === "string" && said !== "");
  return new Problem(
    status,
    typeof body.code === "string" ? body.code : "unknown",
    typeof detail === "string" ? detail : "",
    flatten(body.errors),
  );
}

export function isProblem(error: unknown): error is Problem {
  return error instanceof Problem;
}

/** Any thrown value as a Problem; what is not one is a fault of ours and is thrown on. */
export function asProblem(error: unknown): Problem {
  if (isProblem(error)) return error;
  throw error;
}
