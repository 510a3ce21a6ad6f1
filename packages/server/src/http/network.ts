/** Whose an address is: one customer has a whole /64 of IPv6 addresses, and one of IPv4. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
  const [head = "", tail] = plain.split("::");
  const groups = head.split(":");
  if (tail === undefined && groups.length < 8) return plain; // IPv4, also with a port, or whatever else a proxy says
  const last = tail ? tail.split(":") : [];
  const zeros = Array<string>(Math.max(0, 8 - groups.length - last.length)).fill("0");
  const all = [...groups, ...(tail === undefined ? [] : zeros), ...last];
  return all
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, "") || "0")
    .join(":");
}
