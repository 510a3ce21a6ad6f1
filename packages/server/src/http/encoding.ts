/** True when an `Accept-Encoding` takes gzip. A client that says nothing is given what it asked for: nothing. */
export function acceptsGzip(accepted = ""): boolean {
  let others = false;
  for (const part of accepted.toLowerCase().split(",")) {
    const [coding = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    const isWanted = !parameters.some((parameter) => /^q\s*=\s*0(\.0*)?$/.test(parameter));
    if (coding === "gzip" || coding === "x-gzip") return isWanted;
    if (coding === "*") others = isWanted;
  }
  return others;
}

/** The headers of an answer that comes in another encoding for those who take it. */
export function encodedHeaders(
  headers: Readonly<Record<string, string>>,
  encoding: string | undefined,
): Record<string, string> {
  const { Vary } = headers;
  return {
    ...headers,
    ...(encoding === undefined ? {} : { "Content-Encoding": encoding }),
    Vary: Vary === undefined ? "Accept-Encoding" : `${Vary}, Accept-Encoding`,
  };
}
